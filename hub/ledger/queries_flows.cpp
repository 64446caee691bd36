// Who sent what to whom.
#include "hub/ledger/columns.hpp"
#include "hub/ledger/filters.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::ledger {

using sql::Statement;

namespace {

// One range of the table; the inner LIMIT bounds what is read, the outer one what is told.
std::string flows_text() {
  return "SELECT d.sender, coalesce(o.actual, ''), d.type, count(*) FILTER (WHERE o.outcome = 'accepted'),"
         " count(*) FILTER (WHERE o.outcome <> 'accepted' OR o.outcome IS NULL), count(*) FILTER (WHERE " +
         is_late() +
         ") FROM (SELECT position, time, deliver_at, sender, type FROM documents WHERE position >= ? AND position < ?"
         " ORDER BY position DESC LIMIT ?) d LEFT JOIN outcomes o ON o.position = d.position"
         " GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1, 2, 3 LIMIT ?";
}

// How many were counted, and the oldest of them.
constexpr const char* kCounted =
    "SELECT count(*), min(time) FROM (SELECT time FROM documents WHERE position >= ? AND position < ?"
    " ORDER BY position DESC LIMIT ?) d";

constexpr const char* kSentFrom =
    "SELECT position, time, sender, type FROM documents WHERE accepted = 1 AND position >= ? ORDER BY position LIMIT ?";
constexpr const char* kSentLast =
    "SELECT * FROM (SELECT position, time, sender, type FROM documents WHERE accepted = 1 ORDER BY position DESC LIMIT ?) d"
    " ORDER BY position";

}  // namespace

Result<std::vector<Sent>> Queries::sent_since(std::optional<Position> from, std::size_t count_max) {
  Statement read(*database_, from ? kSentFrom : kSentLast);
  if (from) read.bind(column(*from));
  read.bind(column(std::uint64_t{count_max}));
  std::vector<Sent> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back({position_at(read, 0), time_at(read, 1), read.text(2), read.text(3)});
  }
}

Result<Flows> Queries::flows(const Period& period) {
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  const auto bounds = bounds_of_times(*database_, period.from, period.until);
  if (!bounds) return tl::unexpected(bounds.error());
  const auto bind = [&](Statement& read) {
    read.bind(column(bounds->low)).bind(column(bounds->high)).bind(column(std::uint64_t{period.documents_max}));
  };
  Flows out;
  Statement counted(*database_, kCounted);
  bind(counted);
  const auto row = counted.step();
  if (!row) return tl::unexpected(row.error());
  out.documents = static_cast<std::uint64_t>(counted.integer(0));
  if (out.documents == period.documents_max) out.counted_from = time_at(counted, 1);

  Statement list(*database_, flows_text());
  bind(list);
  list.bind(column(std::uint64_t{period.flows_max + 1}));
  for (;;) {
    const auto next = list.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) return out;
    if (out.more = out.rows.size() == period.flows_max; out.more) return out;
    out.rows.push_back({list.text(0), list.text(1), list.text(2), static_cast<std::uint64_t>(list.integer(3)),
                        static_cast<std::uint64_t>(list.integer(4)), static_cast<std::uint64_t>(list.integer(5))});
  }
}

}  // namespace hub::ledger
