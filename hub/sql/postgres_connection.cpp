#include "hub/sql/postgres_connection.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "hub/sql/address.hpp"

namespace hub::sql {
namespace {

constexpr std::size_t kQueuedMax = 1'000;  // results that the server may owe us

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (char& c : text)
    if (c == '\n' || c == '\t') c = ' ';
  return text;
}

// The connection, a deadlock, no room, a server that goes, its disk: another time the same may succeed.
bool is_passing(std::string_view sqlstate) {
  constexpr std::array<std::string_view, 5> kClasses = {"08", "40", "53", "57P", "58"};
  return std::any_of(kClasses.begin(), kClasses.end(), [&](std::string_view one) { return sqlstate.starts_with(one); });
}

// The schema was dropped after it was found, as it is when a ledger is discarded.
bool is_gone(std::string_view sqlstate) { return sqlstate == "42P01"; }

// Another session holds what was waited for.
bool is_held(std::string_view sqlstate) { return sqlstate == "55P03"; }

void keep_quiet(void*, const char*) {}

// What an address may say otherwise. A server that is gone must be noticed: the hub's HTTP thread waits for it.
PGconn* connect(const std::string& address) {
  const char* const names[] = {"connect_timeout",    "keepalives_idle",  "keepalives_interval",
                               "keepalives_count",   "tcp_user_timeout", "fallback_application_name",
                               "dbname",             "client_encoding",  nullptr};
  const char* const values[] = {"5", "10", "5", "3", "20000", "coordination-hub", address.c_str(), "UTF8", nullptr};
  return PQconnectdbParams(names, values, /*expand_dbname=*/1);
}

}  // namespace

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const std::string& address,
                                                                     const std::string& settings) {
  const std::string path = described(address);
  if (const std::string fault = postgres_fault(address); !fault.empty())
    return fail(ErrorCode::io_failed, {{"operation", "open"}, {"path", path}, {"reason", fault}});
  std::unique_ptr<PostgresConnection> out(new PostgresConnection(connect(address), path));
  if (PQstatus(out->connection_.get()) != CONNECTION_OK) return out->lost();
  PQsetNoticeProcessor(out->connection_.get(), keep_quiet, nullptr);
  if (auto set = out->execute(settings); !set) return tl::unexpected(set.error());
  return out;
}

Result<PostgresResult> PostgresConnection::execute(const std::string& sql) {
  if (auto settled = settle(); !settled) return tl::unexpected(settled.error());
  return checked(PQexec(connection_.get(), sql.c_str()));
}

Result<void> PostgresConnection::prepare(const std::string& name, const std::string& sql) {
  if (queued_ > 0) {
    if (PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr) != 1) return lost();
    ++queued_;
    return {};
  }
  const auto prepared = checked(PQprepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr));
  if (!prepared) return tl::unexpected(prepared.error());
  return {};
}

Result<PostgresResult> PostgresConnection::query(const std::string& name, const std::string& sql,
                                                 const PostgresValues& values) {
  if (auto settled = settle(); !settled) return tl::unexpected(settled.error());
  const int count = static_cast<int>(values.data.size());
  if (name.empty())
    return checked(PQexecParams(connection_.get(), sql.c_str(), count, nullptr, values.data.data(),
                                values.sizes.data(), values.formats.data(), 1));
  return checked(PQexecPrepared(connection_.get(), name.c_str(), count, values.data.data(), values.sizes.data(),
                                values.formats.data(), 1));
}

Result<void> PostgresConnection::change(const std::string& name, const std::string& sql, const PostgresValues& values) {
  if (queued_ >= kQueuedMax)
    if (auto settled = settle(); !settled) return settled;
  if (queued_ == 0 && PQtransactionStatus(connection_.get()) != PQTRANS_INTRANS) {
    const auto done = query(name, sql, values);
    if (!done) return tl::unexpected(done.error());
    return {};
  }
  if (queued_ == 0 && PQenterPipelineMode(connection_.get()) != 1) return lost();
  const int count = static_cast<int>(values.data.size());
  const int sent = name.empty() ? PQsendQueryParams(connection_.get(), sql.c_str(), count, nullptr, values.data.data(),
                                                    values.sizes.data(), values.formats.data(), 1)
                                : PQsendQueryPrepared(connection_.get(), name.c_str(), count, values.data.data(),
                                                      values.sizes.data(), values.formats.data(), 1);
  if (sent != 1) return lost();
  ++queued_;
  return {};
}

Result<void> PostgresConnection::settle() {
  if (queued_ == 0) return {};
  queued_ = 0;
  if (PQpipelineSync(connection_.get()) != 1) return lost();
  Result<void> out;
  for (;;) {
    PGresult* const result = PQgetResult(connection_.get());
    if (result == nullptr) {  // after each result; after the last one there is nothing but a lost connection
      if (PQstatus(connection_.get()) != CONNECTION_OK) return lost();
      continue;
    }
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
      PQclear(result);
      break;
    }
    const auto taken = checked(result);
    if (!taken && out) out = tl::unexpected(taken.error());  // what follows the first is its consequence
  }
  if (PQexitPipelineMode(connection_.get()) != 1) return lost();
  return out;
}

Result<PostgresResult> PostgresConnection::checked(PGresult* result) {
  PostgresResult owned(result);
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: return owned;
    default: return failed(result);
  }
}

tl::unexpected<Error> PostgresConnection::failed(const PGresult* result) const {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view sqlstate = state == nullptr ? "" : state;
  if (PQstatus(connection_.get()) != CONNECTION_OK && sqlstate.empty()) return lost();
  const char* const words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string reason = one_line(words == nullptr ? PQresultErrorMessage(result) : words);
  if (is_passing(sqlstate)) return fail(ErrorCode::ledger_unreachable, {{"path", path_}, {"reason", reason}});
  if (is_gone(sqlstate)) return fail(ErrorCode::ledger_missing, {{"path", path_}});
  if (is_held(sqlstate)) return fail(ErrorCode::ledger_in_use, {{"path", path_}});
  return fail(ErrorCode::io_failed, {{"operation", "execute"}, {"path", path_}, {"reason", reason}});
}

tl::unexpected<Error> PostgresConnection::lost() const {
  return fail(ErrorCode::ledger_unreachable,
              {{"path", path_}, {"reason", one_line(PQerrorMessage(connection_.get()))}});
}

}  // namespace hub::sql
