#include "hub/sqlite/sqlite.hpp"

#include <sqlite3.h>

#include "hub/base/check.hpp"

namespace hub::sqlite {
namespace {

const char* settings(Access access) {
  switch (access) {
    case Access::exclusive:
      return "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
             "PRAGMA foreign_keys = ON;";
    case Access::writer:
      return "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";
    case Access::reader:
      return "PRAGMA busy_timeout = 10000;";  // while a log is recovered or begun anew
  }
  return "";
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  const int prepared = sqlite3_prepare_v3(database.database_.get(), sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  HUB_CHECK(prepared == SQLITE_OK);
  statement_.reset(statement);
}

Statement& Statement::bind(std::int64_t value) {
  HUB_CHECK(sqlite3_bind_int64(statement_.get(), next_parameter_++, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  HUB_CHECK(sqlite3_bind_text(statement_.get(), next_parameter_++, value.empty() ? "" : value.data(),
                              static_cast<int>(value.size()), SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind(ByteView value) {
  // A null pointer would be bound as NULL; no bytes are not that.
  const void* data = value.empty() ? "" : static_cast<const void*>(value.data());
  HUB_CHECK(sqlite3_bind_blob(statement_.get(), next_parameter_++, data, static_cast<int>(value.size()),
                              SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_null() {
  HUB_CHECK(sqlite3_bind_null(statement_.get(), next_parameter_++) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  reset();
  if (result != SQLITE_DONE) return database_.failed("write");
  return false;
}

Result<void> Statement::run() {
  const auto row = step();
  if (!row) return tl::unexpected(row.error());
  HUB_CHECK(!*row);
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  next_parameter_ = 1;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::text(int column) const { return std::string(as_text(bytes(column))); }

ByteView Statement::bytes(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

Database::Database(sqlite3* database, std::string path) : database_(database), path_(std::move(path)) {}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Access access) {
  const int flags = access == Access::reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Database> database(new Database(handle, path));
  if (opened != SQLITE_OK) return database->failed("open");
  if (auto set = database->execute(settings(access)); !set) return tl::unexpected(set.error());
  return database;
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failed("execute");
  return {};
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(database_.get()); }

tl::unexpected<Error> Database::failed(const char* operation) const {
  return fail(ErrorCode::io_failed,
              {{"operation", operation}, {"path", path_}, {"reason", sqlite3_errmsg(database_.get())}});
}

}  // namespace hub::sqlite
