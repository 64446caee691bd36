// Who signed in, failed to, was invited: bounded, for the operator; what was handed out is a record in the journal.
#include "hub/access/store.hpp"
#include "hub/sqlite/sqlite.hpp"

namespace hub::access {

Result<void> Store::log(std::string_view event, std::string_view user, std::string_view detail, UnixMicros now) {
  sqlite::Statement insert(*database_,
                           "INSERT INTO access_log (time, event, user, detail, count) VALUES (?, ?, ?, ?, 1)");
  if (auto done = insert.bind(now.value).bind(event).bind(user).bind(detail).run(); !done) return done;
  sqlite::Statement bound(*database_, "DELETE FROM access_log WHERE id <= ?");
  return bound.bind(database_->last_row() - kLogRowsMax).run();
}

Result<bool> Store::log_failure(std::string_view event, std::string_view user, UnixMicros now) {
  sqlite::Statement again(*database_,
                          "UPDATE access_log SET count = count + 1 WHERE id = (SELECT max(id) FROM access_log"
                          " WHERE user = ?1 AND event = ?2) AND time > ?3 RETURNING 1");
  const auto row = again.bind(user).bind(event).bind(now.value - kLogTogetherMicros).step();
  if (!row) return tl::unexpected(row.error());
  again.reset();
  if (*row) return false;
  if (auto done = log(event, user, {}, now); !done) return tl::unexpected(done.error());
  return true;
}

Result<std::vector<LogRow>> Store::newest_log(std::int64_t count_max) {
  sqlite::Statement read(*database_,
                         "SELECT time, event, user, detail, count FROM access_log ORDER BY id DESC LIMIT ?");
  read.bind(count_max);
  std::vector<LogRow> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back({UnixMicros(read.integer(0)), read.text(1), read.text(2), read.text(3), read.integer(4)});
  }
}

}  // namespace hub::access
