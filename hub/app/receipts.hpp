// Receipts of documents from a hub's files: its journal, its tree's hashes and newest checkpoint, its ledger.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hub/crypto/checkpoint.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::app {

class ReceiptMaker {
 public:
  // `data`: the hub's data folder. usage without one; not_found without a checkpoint; io_failed, as of evidence::Prover.
  static Result<std::unique_ptr<ReceiptMaker>> open(const std::string& data, ledger::Queries& queries);
  ~ReceiptMaker();

  // Writes a receipt for each thing that happened to a document (its id, a delivery's id, a position), or for the one
  // record at a position that is no document's, into a folder that is there; gives their paths. not_found, and what
  // evidence::Prover::prove refuses, as a record that the checkpoint doesn't cover yet.
  Result<std::vector<std::string>> make(const std::string& what, const std::string& folder);
  const crypto::Checkpoint& checkpoint() const;

 private:
  struct Files;
  explicit ReceiptMaker(std::unique_ptr<Files> files);
  std::unique_ptr<Files> files_;
};

}  // namespace hub::app
