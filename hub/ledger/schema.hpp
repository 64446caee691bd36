// The ledger's tables. What each column means stands in README.md, for whoever queries them with a tool of their
// own.
//
// Threads: free functions on a database that the caller owns.
#pragma once

#include "hub/sql/sql.hpp"

namespace hub::ledger {

// In PRAGMA user_version, in PostgreSQL in a table of that name. A ledger of another version is rebuilt from the journal, never migrated.
constexpr std::int64_t kSchemaVersion = 6;

Result<void> create_schema(sql::Database& database);
Result<std::int64_t> schema_version(sql::Database& database);  // 0: there are no tables

}  // namespace hub::ledger
