// The ledger's tables. What each column means stands in README.md, for whoever queries the file with a tool of their
// own.
//
// Threads: free functions on a database that the caller owns.
#pragma once

#include "hub/sqlite/sqlite.hpp"

namespace hub::ledger {

// In PRAGMA user_version. A ledger of another version is rebuilt from the journal, never migrated.
constexpr std::int64_t kSchemaVersion = 4;

Result<void> create_schema(sqlite::Database& database);
Result<std::int64_t> schema_version(sqlite::Database& database);  // 0: an empty file

}  // namespace hub::ledger
