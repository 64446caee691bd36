// Tables behind one small interface: statements, bindings and transactions as values and Results, whichever database
// keeps them. SQL is written as SQLite has it (`?` and `?1` for parameters); what another database wants to read
// instead stands in dialect.hpp alone.
//
// One thread owns a Database and all its statements. Failures are io_failed with the database's own words; a database
// that doesn't answer is ledger_unreachable.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"
#include "hub/sql/dialect.hpp"
#include "hub/sqlite/transaction.hpp"

namespace hub::sql {

// How a statement's rows are fetched from a database that is not in this process.
enum class Rows {
  at_once,
  in_portions,  // whoever reads may stop early; inside a transaction alone
};

// What a backend gives of one statement. Parameters are numbered from 1, columns from 0.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual void bind(int parameter, std::int64_t value) = 0;
  virtual void bind(int parameter, std::string_view value) = 0;
  virtual void bind(int parameter, ByteView value) = 0;
  virtual void bind_null(int parameter) = 0;
  virtual Result<bool> step() = 0;
  virtual Result<void> run() = 0;
  virtual void reset() = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string text(int column) const = 0;
  virtual ByteView bytes(int column) const = 0;
  virtual bool is_null(int column) const = 0;
};

class Database {
 public:
  virtual ~Database() = default;
  virtual Dialect dialect() const = 0;
  virtual Result<void> execute(const std::string& sql) = 0;  // any number of statements without parameters
  virtual const char* begin_to_write() const = 0;
  virtual const char* begin_to_read() const = 0;
  virtual std::unique_ptr<Cursor> prepare(std::string_view sql, Rows rows) = 0;
};

// Bound values must live until run() or step() returns. SQL that doesn't compile is a programmer's error.
class Statement {
 public:
  Statement(Database& database, std::string_view sql, Rows rows = Rows::at_once)
      : cursor_(database.prepare(sql, rows)) {}

  Statement& bind(std::int64_t value) { return cursor_->bind(next_parameter_++, value), *this; }
  Statement& bind(std::string_view value) { return cursor_->bind(next_parameter_++, value), *this; }
  Statement& bind(ByteView value) { return cursor_->bind(next_parameter_++, value), *this; }
  Statement& bind(const std::optional<std::int64_t>& value) { return value ? bind(*value) : bind_null(); }
  Statement& bind_null() { return cursor_->bind_null(next_parameter_++), *this; }

  // Whether there is a row; at the end the statement is ready to be bound anew.
  Result<bool> step() {
    next_parameter_ = 1;
    return cursor_->step();
  }
  // A statement without rows. In a transaction to write, a failure may be told by a later statement, the last by commit().
  Result<void> run() {
    next_parameter_ = 1;
    return cursor_->run();
  }
  void reset() { cursor_->reset(); }  // before the last row was read

  std::int64_t integer(int column) const { return cursor_->integer(column); }  // 0 for NULL; of a truth 0 or 1
  std::string text(int column) const { return cursor_->text(column); }
  ByteView bytes(int column) const { return cursor_->bytes(column); }  // until the next step
  bool is_null(int column) const { return cursor_->is_null(column); }

 private:
  std::unique_ptr<Cursor> cursor_;
  int next_parameter_ = 1;
};

using Transaction = sqlite::TransactionOf<Database>;

}  // namespace hub::sql
