// Sessions of browsers: a cookie's secret, idle for half an hour or half a day old at most.
#include <algorithm>

#include "hub/access/columns.hpp"
#include "hub/access/secret.hpp"
#include "hub/access/store.hpp"

namespace hub::access {

Result<std::string> Store::begin_session(const Account& account, UnixMicros now, std::string_view by) {
  const std::string secret = new_secret();
  const crypto::Digest digest = *secret_digest(secret);
  sqlite::Statement clear(*database_, "DELETE FROM sessions WHERE used <= ? OR created <= ?");
  sqlite::Statement insert(*database_,
                           "INSERT INTO sessions (digest, user, since, created, used) VALUES (?, ?, ?, ?, ?)");
  sqlite::Statement bound(*database_,
                          "DELETE FROM sessions WHERE user = ?1 AND digest NOT IN"
                          " (SELECT digest FROM sessions WHERE user = ?1 ORDER BY used DESC, created DESC, digest = ?2 DESC"
                          " LIMIT ?3)");
  sqlite::Transaction change(*database_);
  if (auto begun = change.begin(); !begun) return tl::unexpected(begun.error());
  clear.bind(now.value - kSessionIdleMicros);
  if (auto done = clear.bind(now.value - kSessionMicros).run(); !done) return tl::unexpected(done.error());
  insert.bind(ByteView(digest)).bind(account.user).bind(since_column(account));
  if (auto done = insert.bind(now.value).bind(now.value).run(); !done) return tl::unexpected(done.error());
  bound.bind(account.user).bind(ByteView(digest));
  if (auto done = bound.bind(kSessionsPerUserMax).run(); !done) return tl::unexpected(done.error());
  if (auto done = log("signed-in", account.user, by, now); !done) return tl::unexpected(done.error());
  if (auto done = change.commit(); !done) return tl::unexpected(done.error());
  return secret;
}

Result<std::optional<Session>> Store::session(std::string_view secret, UnixMicros now, bool is_used) {
  const auto digest = secret_digest(secret);
  if (!digest) return std::nullopt;
  sqlite::Statement read(*database_, "SELECT user, since, created, used FROM sessions WHERE digest = ?");
  const auto row = read.bind(ByteView(*digest)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  Session out{account_at(read, 0), UnixMicros(read.integer(2)), UnixMicros(read.integer(3)), {}};
  read.reset();
  const auto expires = [&] {
    return UnixMicros(std::min(out.created.value + kSessionMicros, out.used.value + kSessionIdleMicros));
  };
  if (now >= expires()) return std::nullopt;
  if (is_used && now.value - out.used.value >= kSessionTouchMicros) {
    sqlite::Statement touch(*database_, "UPDATE sessions SET used = ? WHERE digest = ?");
    if (auto done = touch.bind(now.value).bind(ByteView(*digest)).run(); !done) return tl::unexpected(done.error());
    out.used = now;
  }
  out.expires = expires();
  return out;
}

Result<void> Store::end_session(std::string_view secret, UnixMicros now) {
  const auto digest = secret_digest(secret);
  if (!digest) return {};
  sqlite::Statement end(*database_, "DELETE FROM sessions WHERE digest = ? RETURNING user");
  const auto row = end.bind(ByteView(*digest)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {};
  const std::string user = end.text(0);
  end.reset();
  return log("signed-out", user, {}, now);
}

}  // namespace hub::access
