// What is registered: labels, and agreements with the use of their clauses.
#include "hub/ledger/columns.hpp"
#include "hub/ledger/filters.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::ledger {

using sql::Statement;

namespace {

Result<std::vector<Label>> labels(sql::Database& database, const char* sql) {
  Statement read(database, sql);
  std::vector<Label> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back({read.text(0), read.text(1), read.text(2)});
  }
}

// The newest outcomes of the period, along the index by agreement.
constexpr const char* kUse =
    "SELECT version, clause, count(*) FILTER (WHERE outcome = 'accepted'),"
    " count(*) FILTER (WHERE outcome <> 'accepted') FROM"
    " (SELECT version, clause, outcome FROM outcomes WHERE agreement = ? AND position >= ? AND position < ?"
    " ORDER BY position DESC LIMIT ?) o GROUP BY 1, 2 ORDER BY 1 DESC, 2";

}  // namespace

Result<Names> Queries::names() {
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  auto parties = labels(*database_, "SELECT id, name_vi, name_en FROM parties ORDER BY id");
  if (!parties) return tl::unexpected(parties.error());
  auto types = labels(*database_, "SELECT id, label_vi, label_en FROM types ORDER BY id");
  if (!types) return tl::unexpected(types.error());
  Names out{std::move(*parties), std::move(*types), {}};
  Statement read(*database_,
                 "SELECT id, title_vi, title_en, version, directed, in_force_from, coalesce(in_force_until, ''), contact"
                 " FROM agreements a WHERE position = (SELECT max(position) FROM agreements b WHERE b.id = a.id)"
                 " ORDER BY id");
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.agreements.push_back({{read.text(0), read.text(1), read.text(2)},
                              static_cast<std::uint32_t>(read.integer(3)),
                              read.integer(4) != 0,
                              read.text(5),
                              read.text(6),
                              read.text(7)});
  }
}

Result<AgreementHistory> Queries::agreement(std::string_view id, const Period& period) {
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  const auto bounds = bounds_of_times(*database_, period.from, period.until);
  if (!bounds) return tl::unexpected(bounds.error());
  AgreementHistory out;
  // The few rows of the agreement say where its versions stand.
  Statement versions(*database_,
                     "SELECT c.position, c.time, c.canonical, c.actor FROM agreements a JOIN configuration_changes c"
                     " USING (position) WHERE a.id = ? ORDER BY c.position DESC");
  versions.bind(id);
  for (;;) {
    const auto row = versions.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    out.versions.push_back({position_at(versions, 0), time_at(versions, 1), versions.text(2), versions.text(3)});
  }
  if (out.versions.empty()) return fail(ErrorCode::not_found, {{"path", std::string(id)}});

  Statement use(*database_, kUse);
  use.bind(id).bind(column(bounds->low)).bind(column(bounds->high)).bind(column(std::uint64_t{period.documents_max}));
  for (;;) {
    const auto row = use.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.use.push_back({static_cast<std::uint32_t>(use.integer(0)), use.text(1),
                       static_cast<std::uint64_t>(use.integer(2)), static_cast<std::uint64_t>(use.integer(3))});
  }
}

}  // namespace hub::ledger
