// Makes receipts from a hub's files: the journal, the hashes of its tree, a checkpoint. Needs no secret and no running
// hub; a hub that runs goes on meanwhile. One thread.
#pragma once

#include <memory>

#include "hub/crypto/checkpoint.hpp"
#include "hub/crypto/tree_proof.hpp"
#include "hub/evidence/receipt.hpp"
#include "hub/ports/disk.hpp"
#include "hub/registry/item.hpp"

namespace hub::evidence {

// What was registered at some position of the journal; a port: the ledger knows it.
class ConfigurationHistory {
 public:
  virtual ~ConfigurationHistory() = default;
  struct Version {
    Position position;  // of its registration
    std::string canonical;
  };
  // What was registered of an item up to the position, the newest first.
  virtual Result<std::vector<Version>> versions(registry::ItemKind kind, const std::string& id, Position until) = 0;
};

class Prover {
 public:
  // `checkpoint`: the signed note. It is the prover's own, so its signature is not checked here. checkpoint_invalid.
  static Result<Prover> open(ports::Disk& journal, const crypto::TreeHashes& hashes, std::string checkpoint,
                             ConfigurationHistory& history);

  // Of the record at a position; of an event the delivery must be named. The tlog-proof's text. proof_not_possible,
  // journal_damaged, tree_hashes_damaged, not_found (a delivery is needed, or the record is about another one).
  Result<std::string> prove(Position position, const std::optional<wire::DeliveryKey>& delivery);
  const crypto::Checkpoint& checkpoint() const { return checkpoint_; }

 private:
  Prover(ports::Disk& journal, const crypto::TreeHashes& hashes, std::string note, crypto::Checkpoint checkpoint,
         ConfigurationHistory& history);
  Result<LeafRecord> read(Position position, Buffer* body = nullptr);
  Result<ProvedRecord> proved(Position position);
  Result<void> add_signature(Receipt& receipt, Position position, const LeafRecord& decided);
  Result<void> add_agreements(Receipt& receipt, Position position, const LeafRecord& decided);

  ports::Disk& journal_;
  const crypto::TreeHashes& hashes_;
  std::string note_;
  crypto::Checkpoint checkpoint_;
  ConfigurationHistory& history_;
};

}  // namespace hub::evidence
