// One connection to a PostgreSQL server: commands, what failed, and changes that are sent ahead of their results.
//
// Changes of a transaction are queued (libpq's pipeline): nobody waits for a result before the next read, or the commit. So a
// batch of records costs a few round trips, not one a row. Threads: one.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::sql {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

// A parameter's value, in the form that it is sent in; null data is NULL.
struct PostgresValues {
  std::vector<const char*> data;
  std::vector<int> sizes, formats;  // format 1: bytes as they are, 0: text
};

class PostgresConnection {
 public:
  // `settings`: SQL that the session begins with. ledger_unreachable, io_failed.
  static Result<std::unique_ptr<PostgresConnection>> open(const std::string& address, const std::string& settings);

  Result<PostgresResult> execute(const std::string& sql);  // any number of statements; the last one's result
  Result<void> prepare(const std::string& name, const std::string& sql);
  // Of the prepared statement `name`, or of `sql` when the name is empty. Rows come in binary form.
  Result<PostgresResult> query(const std::string& name, const std::string& sql, const PostgresValues& values);
  // The same without rows: inside a transaction it may be queued, and fail later.
  Result<void> change(const std::string& name, const std::string& sql, const PostgresValues& values);

  std::string new_name() { return "s" + std::to_string(++names_); }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  PostgresConnection(PGconn* connection, std::string path) : connection_(connection), path_(std::move(path)) {}

  Result<void> settle();  // all that is queued has succeeded
  Result<PostgresResult> checked(PGresult* result);
  tl::unexpected<Error> failed(const PGresult* result) const;
  tl::unexpected<Error> lost() const;

  std::unique_ptr<PGconn, Finish> connection_;
  std::string path_;  // without secrets
  std::size_t queued_ = 0;
  std::uint64_t names_ = 0;
};

}  // namespace hub::sql
