#include "hub/ledger/filters.hpp"

#include <algorithm>

#include "hub/ledger/columns.hpp"
#include "hub/ledger/folding.hpp"
#include "hub/ledger/word_search.hpp"

namespace hub::ledger {
namespace {

using Values = std::vector<Sql::Value>;

// A list of parameters. PostgreSQL has none without members; nothing equals NULL.
std::string marks(std::size_t count) {
  if (count == 0) return "(NULL)";
  std::string out = "(";
  for (std::size_t i = 0; i < count; ++i) out += i == 0 ? "?" : ", ?";
  return out + ")";
}

Values as_values(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

tl::unexpected<Error> wrong(const std::string& reason) { return fail(ErrorCode::usage, {{"reason", reason}}); }

Result<void> check_state(const std::optional<std::string>& state) {
  const auto& known = delivery_states();
  if (!state || std::find(known.begin(), known.end(), *state) != known.end()) return {};
  std::string list;
  for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
  return wrong("the state is one of: " + list);
}

Result<void> check_texts(const std::vector<const std::optional<std::string>*>& texts) {
  for (const auto* text : texts)
    if (*text && (*text)->size() > kFilterBytesMax)
      return wrong("a filter's text has at most " + std::to_string(kFilterBytesMax) + " bytes");
  return {};
}

Result<void> check_limit(std::size_t limit) {
  if (limit >= 1 && limit <= kPageMax) return {};
  return wrong("the limit is from 1 to " + std::to_string(kPageMax));
}

// "delivered" is true of nearly all: a scan finds those at once, and the index leaves them out.
bool is_rare(const std::optional<std::string>& state) { return state && *state != "delivered"; }

// The state stands in the text, checked before, since the index holds for that very text.
std::string is_state(const std::string& table, const std::string& state) {
  return table + ".state = '" + state + "'" + (state == "delivered" ? "" : " AND " + table + ".state <> 'delivered'");
}

constexpr const char* kRecipientRoles = "('addressed', 'actual')";

// A probe for a document's participant.
void has_participant(Sql& sql, const std::string& party, const char* roles) {
  sql.add(std::string(" AND EXISTS (SELECT 1 FROM participants p WHERE p.party = ? AND p.position = d.position"
                      " AND p.role IN ") +
              roles + ")",
          {party});
}

}  // namespace

Sql& Sql::add(const std::string& text, std::vector<Value> values) {
  text_ += text;
  for (Value& value : values) values_.push_back(std::move(value));
  return *this;
}

void Sql::bind(sql::Statement& statement) const {
  for (const Value& value : values_) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      statement.bind(*number);
    } else {
      statement.bind(std::get<std::string>(value));
    }
  }
}

std::string is_late() {
  return "(o.outcome = 'accepted' AND coalesce((SELECT min(e.time) FROM delivery_events e WHERE e.position = o.position"
         " AND e.idx = o.idx AND e.replay = 0 AND e.status = 'delivered'), (SELECT time FROM meta))"
         " > CASE WHEN d.deliver_at > d.time THEN d.deliver_at ELSE d.time END + " +
         std::to_string(kLateMicros) + ")";
}

const std::vector<std::string>& delivery_states() {
  static const std::vector<std::string> states = {
      "pending",          "delivered", "refused",        "registered", "assigned", "processing", "finished",
      "recall-requested", "recalled",  "recall-refused", "failed",     "stopped",  "replayed"};
  return states;
}

namespace {

std::vector<std::string> parties_of(const DocumentFilter& f) {
  std::vector<std::string> out;
  for (const auto* party : {&f.party, &f.sender, &f.recipient, &f.seen_by})
    if (*party) out.push_back(**party);
  return out;
}

// For a list that something narrower drives.
void has_words(Sql& sql, sql::Dialect dialect, const DocumentFilter& f) {
  const WordSearch words = word_search(dialect, *f.text, parties_of(f));
  sql.add(" AND d.position IN (SELECT " + words.position + " FROM " + words.from + " WHERE " + words.condition + ")",
          {words.expression});
}

// What a list of documents is driven from: a table under the name x, the column of its position, and its condition.
struct Driver {
  std::string from, position, condition;
  Values values;
};

Driver driver_of(sql::Dialect dialect, const DocumentFilter& f, const std::vector<std::string>& types) {
  if (f.case_reference) return {"case_references x", "x.position", "x.folded = ?", {fold(*f.case_reference)}};
  if (f.text) {
    const WordSearch words = word_search(dialect, *f.text, parties_of(f));
    return {words.from, words.position, words.condition, {words.expression}};
  }
  if (is_rare(f.state)) return {"deliveries x", "x.position", is_state("x", *f.state), {}};
  if (f.code) return {"refusals x", "x.position", "x.code = ?", {*f.code}};
  if (f.unneeded) return {"unneeded_fields x", "x.position", "x.field = ?", {*f.unneeded}};
  if (f.agreement && f.clause)
    return {"outcomes x", "x.position", "x.agreement = ? AND x.clause = ?", {*f.agreement, *f.clause}};
  if (f.agreement) return {"outcomes x", "x.position", "x.agreement = ?", {*f.agreement}};
  if (f.recipient)
    return {
        "participants x", "x.position", std::string("x.party = ? AND x.role IN ") + kRecipientRoles, {*f.recipient}};
  if (f.sender) return {"participants x", "x.position", "x.party = ? AND x.role = 'sender'", {*f.sender}};
  if (f.party) return {"participants x", "x.position", "x.party = ?", {*f.party}};
  if (f.seen_by) return {"participants x", "x.position", "x.party = ?", {*f.seen_by}};
  if (f.type) return {"documents x", "x.position", "x.type IN " + marks(types.size()), as_values(types)};
  if (f.urgency.value_or(0) > 0)
    return {"documents x", "x.position", "x.urgency = ? AND x.urgency > 0", {std::int64_t{*f.urgency}}};
  if (f.accepted == false) return {"documents x", "x.position", "x.accepted = 0", {}};
  return {"documents x", "x.position", "TRUE", {}};
}

// A filter must not tell a recipient what became of the document at others: the row that it looks at is the party's own,
// or the party is the sender.
void is_own_row(Sql& sql, const std::optional<std::string>& seen_by, const std::string& recipient) {
  if (seen_by) sql.add(" AND ? IN (d.sender, " + recipient + ")", {*seen_by});
}

void add_conditions(Sql& sql, const DocumentFilter& f, const std::vector<std::string>& types) {
  if (f.seen_by) sql.add(" AND " + std::string(kIsSeenBy), {*f.seen_by, *f.seen_by});
  if (f.state) {
    sql.add(" AND EXISTS (SELECT 1 FROM deliveries l WHERE l.position = d.position AND l.state = ?", {*f.state});
    is_own_row(sql, f.seen_by, "l.recipient");
    sql.add(")");
  }
  if (f.code) {
    sql.add(" AND EXISTS (SELECT 1 FROM refusals r WHERE r.code = ? AND r.position = d.position)", {*f.code});
    if (f.seen_by) sql.add(" AND d.sender = ?", {*f.seen_by});
  }
  if (f.agreement || f.clause || f.unneeded) {
    sql.add(" AND EXISTS (SELECT 1 FROM outcomes o");
    if (f.unneeded) sql.add(" JOIN unneeded_fields u ON u.position = o.position AND u.idx = o.idx AND u.field = ?", {*f.unneeded});
    sql.add(" WHERE o.position = d.position");
    if (f.unneeded && f.recipient) sql.add(" AND o.actual = ?", {*f.recipient});
    if (f.agreement) sql.add(" AND o.agreement = ?", {*f.agreement});
    if (f.clause) sql.add(" AND o.clause = ?", {*f.clause});
    is_own_row(sql, f.seen_by, "o.actual");
    sql.add(")");
  }
  if (f.late) {
    const char* const is = *f.late ? " AND EXISTS" : " AND NOT EXISTS";
    sql.add(is + std::string(" (SELECT 1 FROM outcomes o WHERE o.position = d.position AND ") + is_late());
    if (f.recipient) sql.add(" AND ? IN (o.addressed, o.actual)", {*f.recipient});
    is_own_row(sql, f.seen_by, "o.actual");
    sql.add(")");
  }
  if (f.case_reference)
    sql.add(" AND EXISTS (SELECT 1 FROM case_references c WHERE c.folded = ? AND c.position = d.position)",
            {fold(*f.case_reference)});
  if (f.recipient) has_participant(sql, *f.recipient, kRecipientRoles);
  if (f.sender) sql.add(" AND d.sender = ?", {*f.sender});
  if (f.party) has_participant(sql, *f.party, "('sender', 'addressed', 'actual')");
  if (f.type) sql.add(" AND d.type IN " + marks(types.size()), as_values(types));
  if (f.urgency) sql.add(" AND d.urgency = ?", {std::int64_t{*f.urgency}});
  if (f.accepted) sql.add(" AND d.accepted = ?", {std::int64_t{*f.accepted}});
}

}  // namespace

Result<Sql> documents_sql(sql::Dialect dialect, const DocumentFilter& f, const Bounds& bounds,
                          const std::vector<std::string>& types) {
  if (auto good = check_limit(f.limit); !good) return tl::unexpected(good.error());
  if (auto good = check_state(f.state); !good) return tl::unexpected(good.error());
  const auto texts = check_texts(
      {&f.party, &f.sender, &f.recipient, &f.type, &f.agreement, &f.clause, &f.unneeded, &f.code, &f.text,
       &f.case_reference, &f.conversation});
  if (!texts) return tl::unexpected(texts.error());
  for (const auto* text : {&f.text, &f.case_reference})
    if (*text && fold(**text).empty()) return wrong("what to look for has no letter and no digit");
  Sql sql;
  if (f.conversation) {  // few, and found by id
    sql.add(" FROM documents d WHERE (d.id = ? OR (d.conversation = ? AND d.conversation <> d.id))",
            {*f.conversation, *f.conversation});
    sql.add(" AND d.position >= ? AND d.position < ?", {column(bounds.low), column(bounds.high)});
    if (f.text) has_words(sql, dialect, f);
    add_conditions(sql, f, types);
    return sql.add(" ORDER BY d.position DESC");
  }
  const Driver driver = driver_of(dialect, f, types);
  sql.add(" FROM " + driver.from + " CROSS JOIN documents d ON d.position = " + driver.position + " WHERE " +
              driver.condition,
          driver.values);
  sql.add(" AND " + driver.position + " >= ? AND " + driver.position + " < ?",
          {column(bounds.low), column(bounds.high)});
  if (f.case_reference && f.text) has_words(sql, dialect, f);
  add_conditions(sql, f, types);
  return sql.add(" ORDER BY " + driver.position + " DESC");
}

Result<Sql> deliveries_sql(const DeliveryFilter& f, const Bounds& bounds, const std::vector<std::string>& types,
                           bool with_cause, bool with_order) {
  if (auto good = check_limit(f.limit); !good) return tl::unexpected(good.error());
  if (auto good = check_state(f.state); !good) return tl::unexpected(good.error());
  const auto texts = check_texts({&f.party, &f.sender, &f.recipient, &f.endpoint, &f.type, &f.cause});
  if (!texts) return tl::unexpected(texts.error());
  const Values range = {column(bounds.low), column(bounds.high)};
  Sql sql;
  std::string order;
  const auto& party = f.recipient ? f.recipient : f.sender ? f.sender : f.party ? f.party : f.seen_by;
  if (is_rare(f.state) || f.cause || with_cause || (!party && !f.endpoint)) {
    // By the index of states or causes, or newest first.
    sql.add(
        " FROM deliveries l CROSS JOIN documents d ON d.position = l.position WHERE l.position >= ?"
        " AND l.position < ?",
        range);
    order = "l.position";
  } else {
    sql.add(
        " FROM participants x CROSS JOIN deliveries l ON l.position = x.position"
        " CROSS JOIN documents d ON d.position = x.position WHERE x.position >= ? AND x.position < ?",
        range);
    if (party) {
      sql.add(" AND x.party = ?", {*party});
    } else {
      sql.add(" AND x.party = (SELECT party FROM endpoints WHERE id = ?)", {*f.endpoint});
    }
    order = "x.position";
  }
  if (f.state) sql.add(" AND " + is_state("l", *f.state));
  if (f.cause) sql.add(" AND l.cause = ?", {*f.cause});
  if (with_cause) sql.add(" AND l.cause IS NOT NULL");
  if (f.endpoint) sql.add(" AND l.endpoint = ?", {*f.endpoint});
  if (f.recipient) sql.add(" AND l.recipient = ?", {*f.recipient});
  if (f.sender) sql.add(" AND d.sender = ?", {*f.sender});
  for (const auto& one : {f.party, f.seen_by})
    if (one) sql.add(" AND ? IN (d.sender, l.recipient)", {*one});
  if (f.type) sql.add(" AND d.type IN " + marks(types.size()), as_values(types));
  if (with_order) sql.add(" ORDER BY " + order + " DESC, l.idx DESC, l.replay DESC");
  return sql;
}

}  // namespace hub::ledger
