#include "hub/ledger/home.hpp"

#include "hub/ledger/schema.hpp"
#include "hub/sql/address.hpp"

namespace hub::ledger {

Result<std::unique_ptr<Home>> Home::hold(const std::string& address) {
  return sql::is_postgres(address) ? hold_postgres(address) : hold_file(address);
}

Result<std::unique_ptr<sql::Database>> open_for_reading(const std::string& address) {
  auto database = sql::is_postgres(address) ? read_postgres_ledger(address) : read_file_ledger(address);
  if (!database) return database;
  const auto version = schema_version(**database);
  if (!version) return tl::unexpected(version.error());
  if (*version != kSchemaVersion) return fail(ErrorCode::ledger_missing, {{"path", sql::described(address)}});
  return database;
}

}  // namespace hub::ledger
