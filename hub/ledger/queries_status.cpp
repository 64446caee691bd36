// How the hub stands, as far as its records say.
#include "hub/ledger/columns.hpp"
#include "hub/ledger/queries.hpp"
#include "hub/sql/sql.hpp"

namespace hub::ledger {
namespace {

using sql::Statement;

Result<void> read_meta(sql::Database& database, Status& status) {
  Statement read(database, "SELECT journal_id, origin, demo, position, time, hub_running FROM meta");
  const auto row = read.step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {};  // nothing has become durable yet
  status.journal_id = read.text(0);
  status.origin = read.text(1);
  status.demo = read.integer(2) != 0;
  status.position = position_at(read, 3);
  status.time = time_at(read, 4);
  status.hub_running = read.integer(5) != 0;
  return {};
}

Result<void> read_counts(sql::Database& database, Status& status) {
  Statement read(database,
                 "SELECT subject, name, count FROM counts WHERE count <> 0 ORDER BY subject, count DESC, name");
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    const std::string subject = read.text(0);
    const Count count{read.text(1), static_cast<std::uint64_t>(read.integer(2))};
    if (subject == "documents") status.documents += count.count;
    if (subject == "documents" && count.name == "accepted") status.accepted = count.count;
    if (subject == "outcomes") status.outcomes.push_back(count);
    if (subject == "refusals") status.refusals.push_back(count);
    if (subject == "deliveries") status.deliveries.push_back(count);
  }
}

Result<void> read_endpoints(sql::Database& database, Status& status) {
  Statement read(database,
                 "SELECT e.id, e.party, e.enabled, e.session IS NOT NULL, e.since, coalesce(p.pending, 0), d.time,"
                 " coalesce(o.action, ''), coalesce(o.position, 0)"
                 " FROM endpoints e LEFT JOIN (SELECT endpoint, count(*) AS pending, min(position) AS first"
                 " FROM deliveries WHERE state = 'pending' GROUP BY endpoint) p ON p.endpoint = e.id"
                 " LEFT JOIN documents d ON d.position = p.first"
                 " LEFT JOIN endpoint_orders o ON o.position ="
                 " (SELECT max(position) FROM endpoint_orders WHERE endpoint = e.id) ORDER BY e.id");
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    status.endpoints.push_back({read.text(0), read.text(1), read.integer(2) != 0, read.integer(3) != 0,
                                optional_time_at(read, 4), static_cast<std::uint64_t>(read.integer(5)),
                                optional_time_at(read, 6), read.text(7) == "pause", position_at(read, 8)});
  }
}

}  // namespace

Result<Queries::Reached> Queries::reached() {
  Status status;
  if (auto read = read_meta(*database_, status); !read) return tl::unexpected(read.error());
  return Reached{status.position, status.time};
}

Result<Status> Queries::status(std::optional<Position> durable_end, UnixMicros now) {
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  Status status;
  for (const auto read : {read_meta, read_counts, read_endpoints})
    if (auto done = read(*database_, status); !done) return tl::unexpected(done.error());
  if (durable_end) {
    const bool behind = status.position < *durable_end;
    status.lag_records = behind ? durable_end->value - status.position.value : 0;
    if (!behind) status.lag_micros = 0;
    if (behind && status.time) status.lag_micros = std::max<std::int64_t>(0, now.value - status.time->value);
  }
  return status;
}

}  // namespace hub::ledger
