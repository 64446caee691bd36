// A transaction of a database, whichever it is: rolled back unless committed. `Database` has execute(), and says how one
// begins: begin_to_write(), begin_to_read().
#pragma once

#include "hub/base/result.hpp"

namespace hub::sqlite {

template <class Database>
class TransactionOf {
 public:
  explicit TransactionOf(Database& database) : database_(database) {}
  TransactionOf(const TransactionOf&) = delete;
  TransactionOf& operator=(const TransactionOf&) = delete;
  ~TransactionOf() {
    // Nothing can be done about a rollback that fails: the database then holds what it held before, by its log.
    if (open_ && !database_.execute("ROLLBACK")) open_ = false;
  }
  Result<void> begin() { return begin_by(database_.begin_to_write()); }
  // To read: nothing that is committed meanwhile is seen.
  Result<void> begin_snapshot() { return begin_by(database_.begin_to_read()); }
  Result<void> commit() {
    auto committed = database_.execute("COMMIT");
    if (committed) open_ = false;
    return committed;
  }

 private:
  Result<void> begin_by(const char* sql) {
    auto begun = database_.execute(sql);
    open_ = begun.has_value();
    return begun;
  }

  Database& database_;
  bool open_ = false;
};

}  // namespace hub::sqlite
