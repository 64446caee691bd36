#include "hub/sql/sql.hpp"

namespace hub::sql {

Transaction::~Transaction() {
  // Nothing can be done about a rollback that fails: the database then holds what it held before, by its log.
  if (open_ && !database_.execute("ROLLBACK")) open_ = false;
}

Result<void> Transaction::begin() {
  auto begun = database_.execute(database_.dialect() == Dialect::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
  open_ = begun.has_value();
  return begun;
}

Result<void> Transaction::begin_snapshot() {
  auto begun = database_.execute(database_.dialect() == Dialect::sqlite
                                     ? "BEGIN"
                                     : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  open_ = begun.has_value();
  return begun;
}

Result<void> Transaction::commit() {
  auto committed = database_.execute("COMMIT");
  if (committed) open_ = false;
  return committed;
}

}  // namespace hub::sql
