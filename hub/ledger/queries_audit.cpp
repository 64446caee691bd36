// What people did at the hub, from the records of their acts.
#include <algorithm>

#include "hub/ledger/audit.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/filters.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::ledger {

using sql::Statement;

namespace {

// As the index records_of_acts has it, so that it serves.
constexpr const char* kActs =
    "kind IN ('body-read', 'delivery-ordered', 'storage-key-destroyed', 'legal-hold-changed', 'configuration-changed',"
    " 'role-changed', 'endpoint-ordered')";

// The first position whose record is at or after a time: time never goes back in a journal, and no position is missing.
Result<Position> first_at(sql::Database& database, UnixMicros time) {
  Statement last(database, "SELECT coalesce(max(position), -1) FROM records");
  if (const auto row = last.step(); !row) return tl::unexpected(row.error());
  std::int64_t low = 0, high = last.integer(0) + 1;
  last.reset();
  Statement read(database, "SELECT time FROM records WHERE position = ?");
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto row = read.bind(middle).step();
    if (!row) return tl::unexpected(row.error());
    const bool earlier = *row && time_at(read, 0) < time;
    read.reset();
    if (earlier) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Position(static_cast<std::uint64_t>(low));
}

Result<Bounds> bounds_of_acts(sql::Database& database, const AuditFilter& f) {
  Bounds bounds{Position(0), kPositionMax};
  const std::pair<std::optional<UnixMicros>, Position*> ends[] = {{f.from, &bounds.low}, {f.until, &bounds.high}};
  for (const auto& [time, end] : ends) {
    if (!time) continue;
    const auto position = first_at(database, *time);
    if (!position) return tl::unexpected(position.error());
    *end = *position;
  }
  if (f.before) bounds.high = std::min(bounds.high, *f.before);
  return bounds;
}

// Acts newest first: those about one document by its own tables, all others along the index.
Sql acts_sql(const AuditFilter& f, const Bounds& bounds) {
  Sql sql;
  sql.add("SELECT position, time, kind FROM records WHERE ").add(kActs);
  sql.add(" AND position >= ? AND position < ?", {column(bounds.low), column(bounds.high)});
  if (f.kind) sql.add(" AND kind = ?", {*f.kind});
  if (f.document)
    sql.add(" AND position IN (SELECT position FROM body_readings WHERE document = ? UNION ALL"
            " SELECT record FROM delivery_events WHERE position = ?)",
            {column(*f.document), column(*f.document)});
  return sql.add(" ORDER BY position DESC");
}

// What the tables of each kind say of an act.
class ActReader {
 public:
  explicit ActReader(sql::Database& database)
      : reading_(database,
                 "SELECT b.reader, b.reason, d.position, d.id, d.type, d.sender FROM body_readings b"
                 " JOIN documents d ON d.position = b.document WHERE b.position = ?"),
        order_(database,
               "SELECT e.status, e.actor, coalesce(e.reason, ''), l.id, l.recipient, d.position, d.id, d.type, d.sender"
               " FROM delivery_events e JOIN deliveries l USING (position, idx, replay)"
               " JOIN documents d ON d.position = e.position"
               " WHERE e.record = ? AND e.status IN ('retry-ordered', 'stopped', 'replayed')"),
        key_(database,
             "SELECT o.action, o.administrators, o.reason, k.months || '/' || k.month FROM storage_key_orders o"
             " JOIN storage_keys k USING (id) WHERE o.position = ?"),
        change_(database, "SELECT actor, item, id FROM configuration_changes WHERE position = ?"),
        role_(database,
              "SELECT actor, reason, action, name, role || coalesce(' of ' || party, '') FROM role_changes WHERE position = ?"),
        endpoint_(database, "SELECT actor, reason, action, endpoint FROM endpoint_orders WHERE position = ?"),
        participant_(database, "SELECT 1 FROM participants WHERE party = ? AND position = ? LIMIT 1") {}

  Result<AuditEntry> read(Position position, UnixMicros time, const std::string& kind) {
    AuditEntry act;
    act.position = position;
    act.time = time;
    act.kind = kind;
    Statement& row = table_of(kind);
    const auto found = row.bind(column(position)).step();
    if (!found) return tl::unexpected(found.error());
    if (*found) {
      if (&row == &reading_) tell_reading(act);
      if (&row == &order_) tell_order(act);
      if (&row == &key_) tell_key(act);
      if (&row == &change_) tell_change(act);
      if (&row == &role_) tell_role(act);
      if (&row == &endpoint_) tell_endpoint(act);
      row.reset();
    }
    return act;
  }

  Result<bool> takes_part(const std::string& party, Position document) {
    const auto row = participant_.bind(party).bind(column(document)).step();
    if (!row) return tl::unexpected(row.error());
    if (*row) participant_.reset();
    return *row;
  }

 private:
  Statement& table_of(const std::string& kind) {
    if (kind == "body-read") return reading_;
    if (kind == "delivery-ordered") return order_;
    if (kind == "role-changed") return role_;
    if (kind == "endpoint-ordered") return endpoint_;
    return kind == "configuration-changed" ? change_ : key_;
  }
  static AuditedDocument document_at(const Statement& row, int first) {
    return {position_at(row, first), row.text(first + 1), row.text(first + 2), row.text(first + 3)};
  }
  void tell_reading(AuditEntry& act) const {
    act.action = "read";
    act.actor = reading_.text(0);
    act.reason = reading_.text(1);
    act.document = document_at(reading_, 2);
  }
  void tell_order(AuditEntry& act) const {
    const std::string status = order_.text(0);
    act.action = status == "retry-ordered" ? "retry" : status == "stopped" ? "stop" : "replay";
    act.actor = order_.text(1);
    act.reason = order_.text(2);
    act.delivery = order_.text(3);
    act.recipient = order_.text(4);
    act.document = document_at(order_, 5);
  }
  void tell_key(AuditEntry& act) const {
    act.action = key_.text(0);
    act.actor = key_.text(1);
    act.reason = key_.text(2);
    act.storage_key = key_.text(3);
  }
  void tell_change(AuditEntry& act) const {
    act.action = "change";
    act.actor = change_.text(0);
    act.item = change_.text(1);
    act.item_id = change_.text(2);
  }

  void tell_role(AuditEntry& act) const {
    act.actor = role_.text(0);
    act.reason = role_.text(1);
    act.action = role_.text(2);
    act.user = role_.text(3);
    act.role = role_.text(4);
  }
  void tell_endpoint(AuditEntry& act) const {
    act.actor = endpoint_.text(0);
    act.reason = endpoint_.text(1);
    act.action = endpoint_.text(2);
    act.endpoint = endpoint_.text(3);
  }

  Statement reading_, order_, key_, change_, role_, endpoint_, participant_;
};

bool act_fits(const AuditFilter& f, const AuditEntry& act) {
  // Two administrators may have signed it, and then each of them did it.
  const bool by_actor = !f.actor || (" " + act.actor + " ").find(" " + *f.actor + " ") != std::string::npos;
  return by_actor && (!f.action || *f.action == act.action) &&
         (!f.document || (act.document && act.document->position == *f.document));
}

Result<void> check_audit_filter(const AuditFilter& f) {
  const auto wrong_filter = [](const std::string& reason) { return fail(ErrorCode::usage, {{"reason", reason}}); };
  if (f.limit < 1 || f.limit > kAuditPageMax) return wrong_filter("the limit is from 1 to " + std::to_string(kAuditPageMax));
  const auto& kinds = audit_kinds();
  if (!f.kind || std::find(kinds.begin(), kinds.end(), *f.kind) != kinds.end()) return {};
  std::string list;
  for (const std::string& kind : kinds) list += (list.empty() ? "" : ", ") + kind;
  return wrong_filter("the kind is one of: " + list);
}

}  // namespace

const std::vector<std::string>& audit_kinds() {
  static const std::vector<std::string> kinds = {"body-read", "delivery-ordered", "storage-key-destroyed",
                                                 "legal-hold-changed", "configuration-changed", "role-changed",
                                                 "endpoint-ordered"};
  return kinds;
}

Result<Page<AuditEntry>> Queries::audit(const AuditFilter& filter, std::size_t scan_max) {
  if (auto good = check_audit_filter(filter); !good) return tl::unexpected(good.error());
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  const auto bounds = bounds_of_acts(*database_, filter);
  if (!bounds) return tl::unexpected(bounds.error());
  const Sql sql = acts_sql(filter, *bounds);
  Statement list(*database_, sql.text(), sql::Rows::in_portions);
  sql.bind(list);
  ActReader reader(*database_);
  Page<AuditEntry> page;
  Position last;
  for (std::size_t seen = 0;; ++seen) {
    const auto row = list.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return page;
    if (page.rows.size() == filter.limit || seen == scan_max) break;
    last = position_at(list, 0);
    auto act = reader.read(last, time_at(list, 1), list.text(2));
    if (!act) return tl::unexpected(act.error());
    if (!act_fits(filter, *act)) continue;
    if (filter.party) {
      const auto concerned = act->document ? reader.takes_part(*filter.party, act->document->position) : Result<bool>(false);
      if (!concerned) return tl::unexpected(concerned.error());
      if (!*concerned) continue;
    }
    page.rows.push_back(std::move(*act));
  }
  page.next = last;
  return page;
}

}  // namespace hub::ledger
