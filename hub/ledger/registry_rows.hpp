// Rows of what configuration registers: types, parties with endpoints, agreements with clauses, keys.
//
// Runs inside a transaction of the caller; every failure is final. Threads: one.
#pragma once

#include "hub/broker/records.hpp"
#include "hub/sql/sql.hpp"

namespace hub::ledger {

class RegistryRows {
 public:
  explicit RegistryRows(sql::Database& database) : database_(database) {}

  Result<void> add(const broker::RecordHead& head, const broker::ConfigurationChanged& change);

 private:
  Result<void> add_type(Position position, const broker::ConfigurationChanged& change);
  Result<void> add_party(Position position, const broker::ConfigurationChanged& change);
  Result<void> add_agreement(Position position, const broker::ConfigurationChanged& change);
  Result<void> add_credential(Position position, const broker::ConfigurationChanged& change);

  sql::Database& database_;
};

}  // namespace hub::ledger
