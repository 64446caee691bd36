#include "hub/sql/postgres_database.hpp"

#include <endian.h>

#include <cstring>
#include <deque>

#include "hub/base/check.hpp"
#include "hub/base/msgpack_reader.hpp"
#include "hub/sql/postgres_connection.hpp"

namespace hub::sql {
namespace {

// <catalog/pg_type_d.h>, which is a header of the server.
enum Type : Oid { kBool = 16, kInt8 = 20, kInt2 = 21, kInt4 = 23 };

constexpr int kPortionRows = 200;

bool holds(std::string_view text) { return text.find('\0') == text.npos && is_utf8(text); }

// One character at a time, for what is hardly ever there.
std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size < 4 && size < text.size() && !is_utf8(text.substr(0, size))) ++size;
    if (holds(text.substr(0, size))) {
      out += text.substr(0, size);
    } else {
      out += "\xef\xbf\xbd";
      size = 1;
    }
    text.remove_prefix(size);
  }
  return out;
}

class PostgresCursor final : public Cursor {
 public:
  PostgresCursor(PostgresConnection& connection, std::string_view sql, Rows rows)
      : connection_(connection), sql_(postgres_query(sql)), rows_(rows) {}

  void bind(int parameter, std::int64_t value) override {
    std::string& digits = kept(parameter);
    digits = std::to_string(value);
    put(parameter, digits.c_str(), digits.size(), /*format=*/0);
  }
  void bind(int parameter, std::string_view value) override {
    if (!holds(value)) value = kept(parameter) = repaired(value);
    put(parameter, value.empty() ? "" : value.data(), value.size(), /*format=*/1);
  }
  void bind(int parameter, ByteView value) override {
    put(parameter, value.empty() ? "" : reinterpret_cast<const char*>(value.data()), value.size(), /*format=*/1);
  }
  void bind_null(int parameter) override { put(parameter, nullptr, 0, /*format=*/0); }

  Result<bool> step() override {
    if (!result_) {
      if (auto started = start(); !started) return tl::unexpected(started.error());
    } else {
      ++row_;
    }
    if (row_ == PQntuples(result_.get()) && row_ == kPortionRows && rows_ == Rows::in_portions)
      if (auto fetched = fetch(); !fetched) return tl::unexpected(fetched.error());
    if (row_ < PQntuples(result_.get())) return true;
    reset();
    return false;
  }

  Result<void> run() override {
    if (auto prepared = prepare_if_repeated(); !prepared) return prepared;
    return connection_.change(name_, sql_, values_);
  }

  void reset() override { result_.reset(); }

  std::int64_t integer(int column) const override {
    const std::string_view raw = as_text(bytes(column));
    if (is_null(column)) return 0;
    switch (PQftype(result_.get(), column)) {
      case kBool: return raw[0];
      case kInt2: return static_cast<std::int16_t>(be16toh(load<std::uint16_t>(raw)));
      case kInt4: return static_cast<std::int32_t>(be32toh(load<std::uint32_t>(raw)));
      default:
        HUB_CHECK(PQftype(result_.get(), column) == kInt8);
        return static_cast<std::int64_t>(be64toh(load<std::uint64_t>(raw)));
    }
  }
  std::string text(int column) const override {
    switch (PQftype(result_.get(), column)) {
      case kBool:
      case kInt2:
      case kInt4:
      case kInt8: return is_null(column) ? std::string() : std::to_string(integer(column));
      default: return std::string(as_text(bytes(column)));
    }
  }
  ByteView bytes(int column) const override {
    return as_bytes({PQgetvalue(result_.get(), row_, column),
                     static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))});
  }
  bool is_null(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }

 private:
  template <class T>
  static T load(std::string_view raw) {
    T value;
    std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }

  std::string& kept(int parameter) {
    const auto count = static_cast<std::size_t>(parameter);
    if (kept_.size() < count) kept_.resize(count);
    return kept_[count - 1];
  }
  void put(int parameter, const char* data, std::size_t size, int format) {
    const auto index = static_cast<std::size_t>(parameter - 1);
    if (values_.data.size() <= index) {
      values_.data.resize(index + 1);
      values_.sizes.resize(index + 1);
      values_.formats.resize(index + 1);
    }
    values_.data[index] = data;
    values_.sizes[index] = static_cast<int>(size);
    values_.formats[index] = format;
  }

  // A statement that is asked once is not worth a name. It goes with the connection.
  Result<void> prepare_if_repeated() {
    if (++uses_ != 2) return {};
    name_ = connection_.new_name();
    return connection_.prepare(name_, sql_);
  }

  Result<void> start() {
    if (rows_ == Rows::in_portions) {
      cursor_name_ = connection_.new_name();  // the transaction's end closes it
      const auto declared =
          connection_.query({}, "DECLARE " + cursor_name_ + " NO SCROLL CURSOR FOR " + sql_, values_);
      return declared ? fetch() : tl::unexpected(declared.error());
    }
    if (auto prepared = prepare_if_repeated(); !prepared) return prepared;
    return take(connection_.query(name_, sql_, values_));
  }
  Result<void> fetch() {
    return take(connection_.query({}, "FETCH FORWARD " + std::to_string(kPortionRows) + " FROM " + cursor_name_, {}));
  }
  Result<void> take(Result<PostgresResult> result) {
    if (!result) return tl::unexpected(result.error());
    result_ = std::move(*result);
    row_ = 0;
    return {};
  }

  PostgresConnection& connection_;
  const std::string sql_;
  const Rows rows_;
  std::string name_, cursor_name_;
  int uses_ = 0, row_ = 0;
  PostgresValues values_;
  std::deque<std::string> kept_;  // what a value is sent from, where it isn't the caller's; they stay where they are
  PostgresResult result_;
};

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(std::unique_ptr<PostgresConnection> connection) : connection_(std::move(connection)) {}
  Dialect dialect() const override { return Dialect::postgresql; }
  Result<void> execute(const std::string& sql) override {
    const auto done = connection_->execute(sql);
    if (!done) return tl::unexpected(done.error());
    return {};
  }
  const char* begin_to_write() const override { return "BEGIN"; }
  const char* begin_to_read() const override { return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"; }
  std::unique_ptr<Cursor> prepare(std::string_view sql, Rows rows) override {
    return std::make_unique<PostgresCursor>(*connection_, sql, rows);
  }

 private:
  std::unique_ptr<PostgresConnection> connection_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const std::string& address, const std::string& settings) {
  auto connection = PostgresConnection::open(address, settings);
  if (!connection) return tl::unexpected(connection.error());
  return std::make_unique<PostgresDatabase>(std::move(*connection));
}

}  // namespace hub::sql
