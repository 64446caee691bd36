// Permissions that nobody used, fields that were not needed, and acts about a party's documents.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "hub/agreements/agreement.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/filters.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::ledger {

using sql::Statement;

namespace {

// One version of an agreement, and the times when it decided: from its registration until the next one's, and within
// its own dates.
struct VersionInForce {
  agreements::Agreement agreement;
  UnixMicros from, until;  // until: exclusive
};

using PermissionKey = std::tuple<std::string, std::string, std::string, std::string>;  // agreement, clause, from, to

bool is_in(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The text names it; who takes part under a group or as an addressee is among `from` and `to` of a clause.
bool concerns(const agreements::Agreement& agreement, const std::string& party) {
  return std::any_of(agreement.clauses.begin(), agreement.clauses.end(),
                     [&](const agreements::Clause& c) { return is_in(c.from, party) || is_in(c.to, party); });
}

// Every version of every agreement with the party, oldest first.
Result<std::vector<VersionInForce>> versions_with(sql::Database& database, const std::string& party) {
  Statement read(database,
                 "SELECT id, time, canonical FROM configuration_changes WHERE item = 'agreement' ORDER BY id, position");
  std::vector<VersionInForce> out;
  std::map<std::string, std::size_t> newest;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    auto agreement = agreements::parse_canonical(read.text(2));
    if (!agreement) return tl::unexpected(agreement.error());
    const UnixMicros registered = time_at(read, 1);
    if (const auto before = newest.find(agreement->id); before != newest.end())
      out[before->second].until = std::min(out[before->second].until, registered);
    newest[agreement->id] = out.size();
    const UnixMicros end = agreement->until ? start_of(agreement->until->next()) : UnixMicros(INT64_MAX);
    out.push_back({std::move(*agreement), registered, end});
    out.back().from = std::max(out.back().from, start_of(out.back().agreement.from));
  }
  std::erase_if(out, [&](const VersionInForce& one) { return !concerns(one.agreement, party); });
  return out;
}

// The addressees that can be competent: as the decision table has it, not the press, nor who has no place.
Result<std::set<std::string>> seats(sql::Database& database) {
  Statement read(database, "SELECT id FROM parties WHERE kind <> 'press' AND place <> ''");
  std::set<std::string> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.insert(read.text(0));
  }
}

// What the versions of the period permit from or to the party; the newest version of each permission stays.
std::map<PermissionKey, ClausePermission> permissions_of(const OverreachQuestion& question,
                                                         const std::vector<VersionInForce>& versions,
                                                         const std::set<std::string>& competent) {
  std::map<PermissionKey, ClausePermission> out;
  for (const VersionInForce& version : versions) {
    const bool before = question.until && version.from >= *question.until;
    const bool after = question.from && version.until <= *question.from;
    if (before || after || version.from >= version.until) continue;
    const agreements::Agreement& agreement = version.agreement;
    for (const agreements::Clause& clause : agreement.clauses)
      for (const std::string& from : clause.from)
        for (const std::string& to : clause.to) {
          if (from == to || (from != question.party && to != question.party)) continue;
          if (clause.competence && !competent.contains(to)) continue;
          out[{agreement.id, clause.id, from, to}] = {agreement.id, agreement.version, clause.id, clause.type, from, to};
        }
  }
  return out;
}

// Takes away what something was accepted under, to whom it was addressed or whom it went to; the newest outcomes of the
// agreement. The time of the oldest that was looked at when there may be more.
constexpr const char* kUsedPermissions =
    "SELECT o.clause, d.sender, o.addressed, o.actual, min(d.time), count(*) FROM"
    " (SELECT position, clause, addressed, actual FROM outcomes WHERE agreement = ? AND position >= ? AND position < ?"
    " AND outcome = 'accepted' ORDER BY position DESC LIMIT ?) o JOIN documents d USING (position) GROUP BY 1, 2, 3, 4";

Result<std::optional<UnixMicros>> take_used(sql::Database& database, const std::string& agreement,
                                            const Bounds& bounds, std::size_t outcomes_max,
                                            std::map<PermissionKey, ClausePermission>& unused) {
  Statement read(database, kUsedPermissions);
  read.bind(agreement).bind(column(bounds.low)).bind(column(bounds.high)).bind(column(std::uint64_t{outcomes_max}));
  std::uint64_t seen = 0;
  std::optional<UnixMicros> oldest;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return seen == outcomes_max ? oldest : std::nullopt;
    for (const int to : {2, 3}) unused.erase({agreement, read.text(0), read.text(1), read.text(to)});
    seen += static_cast<std::uint64_t>(read.integer(5));
    oldest = oldest ? std::min(*oldest, time_at(read, 4)) : time_at(read, 4);
  }
}

// From when on every document is counted: the boundary's own moment may be cut.
std::optional<UnixMicros> counted_since(const OverreachQuestion& question, const Overreach& overreach) {
  return overreach.counted_from ? UnixMicros(overreach.counted_from->value + 1) : question.from;
}

// No document goes to one recipient under two outcomes, so that rows are documents.
constexpr const char* kUnneededFields =
    "SELECT o.clause, d.sender, o.actual, u.field, count(*) FROM outcomes o"
    " CROSS JOIN unneeded_fields u ON u.position = o.position AND u.idx = o.idx"
    " CROSS JOIN documents d ON d.position = o.position"
    " WHERE o.agreement = ? AND o.position >= ? AND o.position < ? AND ? IN (d.sender, o.actual)"
    " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";

Result<void> add_unneeded(sql::Database& database, const OverreachQuestion& question,
                          const std::set<std::string>& agreements, Overreach& out) {
  const auto bounds = bounds_of_times(database, counted_since(question, out), question.until);
  if (!bounds) return tl::unexpected(bounds.error());
  for (const std::string& agreement : agreements) {
    Statement read(database, kUnneededFields);
    read.bind(agreement).bind(column(bounds->low)).bind(column(bounds->high)).bind(question.party);
    for (;;) {
      const auto row = read.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      out.unneeded.push_back({agreement, read.text(0), read.text(1), read.text(2), read.text(3),
                              static_cast<std::uint64_t>(read.integer(4))});
    }
  }
  return {};
}

}  // namespace

DocumentFilter documents_of(const UnneededField& field, const OverreachQuestion& question, const Overreach& overreach) {
  DocumentFilter out;
  out.agreement = field.agreement;
  out.clause = field.clause;
  out.sender = field.sender;
  out.recipient = field.recipient;
  out.unneeded = field.field;
  out.from = counted_since(question, overreach);
  out.until = question.until;
  return out;
}

Result<Overreach> Queries::overreach(const OverreachQuestion& question) {
  if (question.party.empty()) return fail(ErrorCode::usage, {{"reason", "name the party"}});
  Overreach out;
  {
    sql::Transaction snapshot(*database_);
    if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
    Statement known(*database_, "SELECT 1 FROM parties WHERE id = ?");
    const auto row = known.bind(question.party).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(ErrorCode::not_found, {{"path", question.party}});
    known.reset();
    const auto reached = this->reached();
    if (!reached) return tl::unexpected(reached.error());
    out.position = reached->position;
    out.time = reached->time;
    const auto versions = versions_with(*database_, question.party);
    if (!versions) return tl::unexpected(versions.error());
    const auto competent = seats(*database_);
    if (!competent) return tl::unexpected(competent.error());
    const auto bounds = bounds_of_times(*database_, question.from, question.until);
    if (!bounds) return tl::unexpected(bounds.error());
    auto unused = permissions_of(question, *versions, *competent);
    out.permissions = unused.size();
    std::set<std::string> agreements_of_party;
    for (const auto& [key, permission] : unused) agreements_of_party.insert(permission.agreement);
    for (const std::string& agreement : agreements_of_party) {
      const auto cut = take_used(*database_, agreement, *bounds, question.outcomes_max, unused);
      if (!cut) return tl::unexpected(cut.error());
      if (*cut) out.counted_from = out.counted_from ? std::max(*out.counted_from, **cut) : **cut;
    }
    for (auto& [key, permission] : unused) out.unused.push_back(std::move(permission));
    if (auto added = add_unneeded(*database_, question, agreements_of_party, out); !added)
      return tl::unexpected(added.error());
  }
  AuditFilter acts{.party = question.party, .from = question.from, .until = question.until, .limit = kAuditPageMax};
  acts.kind = "body-read";
  auto readings = audit(acts);
  if (!readings) return tl::unexpected(readings.error());
  acts.kind = "delivery-ordered";
  acts.action = "replay";
  auto replays = audit(acts);
  if (!replays) return tl::unexpected(replays.error());
  out.readings = std::move(*readings);
  out.replays = std::move(*replays);
  return out;
}

}  // namespace hub::ledger
