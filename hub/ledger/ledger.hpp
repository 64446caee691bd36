// The ledger and its one writer: follows the journal record by record, and adds what became durable in
// transactions that carry the position. A kill leaves whole transactions, and the next start goes on behind them.
//
// To know which deliveries an acknowledgement finishes, the writer keeps the broker's state: opening replays the
// journal up to the ledger's position, without writing. A ledger that is not of this journal, or ahead of it, is
// discarded and built anew.
//
// Threads: one. One process at a time (ledger_in_use); readers beside it are never in its way.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hub/broker/apply.hpp"
#include "hub/crypto/merkle.hpp"
#include "hub/journal/durable_end.hpp"
#include "hub/journal/follow.hpp"
#include "hub/ledger/home.hpp"
#include "hub/ledger/projection.hpp"

namespace hub::ledger {

constexpr std::uint64_t kTransactionRecordsMax = 65536;

// Where the work stands: at `position` of `end`. Called now and then; nobody has to be told.
using Progress = std::function<void(Position position, Position end)>;

class Ledger {
 public:
  // `address`: of the file, or of the PostgreSQL database (hub/sql/address.hpp); the ledger is made when it is not there.
  // `end` is the journal's durable end now. io_failed, ledger_in_use, ledger_unreachable, journal_missing,
  // journal_damaged, record_unknown.
  static Result<std::unique_ptr<Ledger>> open(const std::string& address, ports::Disk& journal,
                                              const journal::DurableEnd& end, const Progress& progress);
  // Builds the ledger anew from what is durable, beside the old one, which is replaced when all is done.
  static Result<Position> rebuild(const std::string& address, ports::Disk& journal, const journal::DurableEnd& end,
                                  const Progress& progress);
  ~Ledger();

  // Why what was there was discarded; empty when it was not.
  const std::string& discarded() const { return discarded_; }
  Position position() const { return follower_->position(); }
  const journal::JournalId& journal() const { return follower_->journal(); }

  // Adds what lies before `durable_end`, at most kTransactionRecordsMax records, in one transaction. Returns how many.
  // A failure is final: what this object knows is then ahead of the tables, and the process ends.
  Result<std::uint64_t> advance(Position durable_end);
  // Of a file: moves everything from the write-ahead log into it, so that the file alone can be taken away.
  Result<void> fold_log() { return home_->fold_log(); }

 private:
  struct Standing;  // how far a ledger came, and of which journal
  Ledger(ports::Disk& journal, std::unique_ptr<Home> home);

  Result<void> rewind();
  // Nothing when it goes on; else why not, empty when there was no ledger.
  Result<std::optional<std::string>> resume(const journal::DurableEnd& end, const Progress& progress);
  void project() { projection_ = std::make_unique<Projection>(home_->database(), journal()); }
  Result<void> catch_up(Position end, const Progress& progress);
  Result<bool> take(Position durable_end, bool into_rows);

  ports::Disk& journal_disk_;
  std::unique_ptr<Home> home_;
  std::string discarded_;
  std::optional<journal::Follower> follower_;
  std::unique_ptr<broker::State> state_;
  broker::Touched touched_;
  crypto::MerkleFrontier tree_;  // over the records that were applied
  std::unique_ptr<Projection> projection_;  // uses home_
};

}  // namespace hub::ledger
