// Where a ledger is kept, and the right to write there: a file of SQLite, or the schema `ledger` of a PostgreSQL
// database. Whoever builds anew builds beside, and a reader sees the old ledger until the new one is in its place.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "hub/sql/sql.hpp"

namespace hub::ledger {

// A home that its holder alone writes.
class Home {
 public:
  // By the address that names it. ledger_in_use (path): somebody else holds it; ledger_unreachable; io_failed.
  static Result<std::unique_ptr<Home>> hold(const std::string& address);
  virtual ~Home() = default;

  // The ledger that is here; false when there is none.
  virtual Result<bool> open() = 0;
  // A ledger without rows instead of the one here, or beside it.
  virtual Result<void> begin_anew() = 0;
  virtual Result<void> begin_beside() = 0;
  // What was built beside is the ledger from now on, and can't be written any more by this object.
  virtual Result<void> move_in() = 0;
  // Nothing of the ledger lies outside its own place, so that a file alone can be taken away.
  virtual Result<void> fold_log() { return {}; }

  sql::Database& database() { return *database_; }  // after open() or begin_…

 protected:
  std::unique_ptr<sql::Database> database_;
};

Result<std::unique_ptr<Home>> hold_file(const std::string& path);
Result<std::unique_ptr<Home>> hold_postgres(const std::string& address);

// To ask it, whoever writes meanwhile. ledger_missing (path): there is none, or not of this version; ledger_unreachable;
// io_failed.
Result<std::unique_ptr<sql::Database>> open_for_reading(const std::string& address);
Result<std::unique_ptr<sql::Database>> read_file_ledger(const std::string& path);
Result<std::unique_ptr<sql::Database>> read_postgres_ledger(const std::string& address);

}  // namespace hub::ledger
