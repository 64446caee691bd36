#include "hub/sql/sqlite_database.hpp"

namespace hub::sql {
namespace {

class SqliteCursor final : public Cursor {
 public:
  SqliteCursor(sqlite::Database& database, std::string_view sql) : statement_(database, sql) {}

  void bind(int, std::int64_t value) override { statement_.bind(value); }
  void bind(int, std::string_view value) override { statement_.bind(value); }
  void bind(int, ByteView value) override { statement_.bind(value); }
  void bind_null(int) override { statement_.bind_null(); }
  Result<bool> step() override { return statement_.step(); }
  Result<void> run() override { return statement_.run(); }
  void reset() override { statement_.reset(); }
  std::int64_t integer(int column) const override { return statement_.integer(column); }
  std::string text(int column) const override { return statement_.text(column); }
  ByteView bytes(int column) const override { return statement_.bytes(column); }
  bool is_null(int column) const override { return statement_.is_null(column); }

 private:
  sqlite::Statement statement_;  // numbers the parameters as Statement does
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
  Dialect dialect() const override { return Dialect::sqlite; }
  Result<void> execute(const std::string& sql) override { return database_->execute(sql); }
  const char* begin_to_write() const override { return database_->begin_to_write(); }
  const char* begin_to_read() const override { return database_->begin_to_read(); }
  std::unique_ptr<Cursor> prepare(std::string_view sql, Rows) override {
    return std::make_unique<SqliteCursor>(*database_, sql);
  }

 private:
  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path, sqlite::Access access) {
  auto database = sqlite::Database::open(path, access);
  if (!database) return tl::unexpected(database.error());
  return std::make_unique<SqliteDatabase>(std::move(*database));
}

}  // namespace hub::sql
