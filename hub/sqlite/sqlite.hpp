// A thin, value-returning cover over SQLite: statements, bindings, transactions. One thread owns a Database and all its
// statements. Every failure is io_failed with the file's path and SQLite's own words.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"
#include "hub/sqlite/transaction.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace hub::sqlite {

class Database;

// Bound values must live until run() or step() returns.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);  // a programmer's error when it doesn't compile

  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);
  Statement& bind(ByteView value);
  Statement& bind(const std::optional<std::int64_t>& value) { return value ? bind(*value) : bind_null(); }
  Statement& bind_null();

  Result<bool> step();  // whether there is a row; at the end the statement is ready to be bound anew
  Result<void> run();   // a statement without rows
  void reset();         // before the last row was read

  std::int64_t integer(int column) const;
  std::string text(int column) const;
  ByteView bytes(int column) const;  // until the next step
  bool is_null(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int next_parameter_ = 1;
};

enum class Access {
  exclusive,  // opens or creates the file for this process alone; every commit is synced
  writer,  // opens or creates it, readers beside; a power cut may take the last commits, and never leaves half of one
  reader,  // an existing file, read-only; a writer beside never makes it wait
};

class Database {
 public:
  // With a write-ahead log, whoever writes.
  static Result<std::unique_ptr<Database>> open(const std::string& path, Access access);

  Result<void> execute(const std::string& sql);  // any number of statements without parameters
  static const char* begin_to_write() { return "BEGIN IMMEDIATE"; }
  static const char* begin_to_read() { return "BEGIN"; }
  std::int64_t last_row() const;
  tl::unexpected<Error> failed(const char* operation) const;

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* database) const;
  };
  Database(sqlite3* database, std::string path);

  std::unique_ptr<sqlite3, Close> database_;
  std::string path_;
};

using Transaction = TransactionOf<Database>;

}  // namespace hub::sqlite
