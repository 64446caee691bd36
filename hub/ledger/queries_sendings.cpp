// Documents to each of their recipients, and what became of them.
#include <algorithm>

#include "hub/ledger/columns.hpp"
#include "hub/ledger/filters.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::ledger {

using sql::Statement;

namespace {

// The positions of documents that may have a fitting sending, newest first, by the narrowest table.
Sql candidate_documents(const SendingFilter& f, const Bounds& bounds) {
  Sql sql;
  if (f.agreement && *f.agreement != kNone) {
    sql.add("SELECT DISTINCT position FROM outcomes WHERE agreement = ?", {*f.agreement});
    if (f.clause && *f.clause != kNone) sql.add(" AND clause = ?", {*f.clause});
  } else if (f.sender) {
    sql.add("SELECT position FROM participants WHERE role = 'sender' AND party = ?", {*f.sender});
  } else if (const auto& party = f.recipient && *f.recipient != kNone ? f.recipient : f.party) {
    sql.add("SELECT DISTINCT position FROM participants WHERE party = ?", {*party});
  } else {
    sql.add("SELECT position FROM documents WHERE TRUE");
  }
  sql.add(" AND position >= ? AND position < ?", {column(bounds.low), column(bounds.high)});
  return sql.add(" ORDER BY position DESC");
}

bool fits(const std::optional<std::string>& wanted, const std::string& value) {
  return !wanted || *wanted == value || (*wanted == kNone && value.empty());
}

bool outcome_fits(const SendingFilter& f, const Sending& s) {
  return !f.outcome || *f.outcome == s.outcome || (*f.outcome == "refused" && !s.accepted());
}

// What can be said before anybody looks at deliveries.
bool decision_fits(const SendingFilter& f, const Sending& s) {
  const bool takes_part = !f.party || *f.party == s.sender || *f.party == s.addressed || *f.party == s.recipient;
  return takes_part && fits(f.sender, s.sender) && fits(f.recipient, s.recipient) && fits(f.agreement, s.agreement) &&
         fits(f.clause, s.clause) && outcome_fits(f, s);
}

bool has_mark(const Sending& s, const std::string& mark) {
  if (mark == "delivered") return s.delivered.has_value();
  if (mark == "answered") return s.answered.has_value();
  return !(mark == "replayed" ? s.replays : s.readings).empty();
}

bool history_fits(const SendingFilter& f, const Sending& s) {
  return std::all_of(f.reached.begin(), f.reached.end(), [&](const std::string& mark) { return has_mark(s, mark); });
}

bool is_arrival(const std::string& status) {
  static const std::vector<std::string> kArrivals = {"delivered",  "registered", "assigned",
                                                     "processing", "finished",   "refused"};
  return std::find(kArrivals.begin(), kArrivals.end(), status) != kArrivals.end();
}

bool is_answer(const std::string& status) { return status == "finished" || status == "refused"; }

// Reads the sendings of one document after another.
class SendingReader {
 public:
  explicit SendingReader(sql::Database& database)
      : outcomes_(database,
                  "SELECT d.time, d.id, d.number, d.type, d.sender, coalesce(o.idx, 0), coalesce(o.addressed, ''),"
                  " coalesce(o.actual, ''), coalesce(o.agreement, ''), coalesce(o.version, 0), coalesce(o.clause, ''),"
                  " coalesce(o.outcome, d.refusal) FROM documents d LEFT JOIN outcomes o ON o.position = d.position"
                  " WHERE d.position = ? ORDER BY o.idx"),
        deliveries_(database, "SELECT state, replay FROM deliveries WHERE position = ? AND idx = ? ORDER BY replay"),
        events_(database,
                "SELECT record, time, status FROM delivery_events WHERE position = ? AND idx = ? AND effective = 1"
                " ORDER BY record"),
        readings_(database,
                  "SELECT position, time, reader, reason FROM body_readings WHERE document = ? ORDER BY position") {}

  // Appends those that fit.
  Result<void> read(Position document, const SendingFilter& filter, Sendings& out) {
    auto decided = decisions(document, filter);
    if (!decided) return tl::unexpected(decided.error());
    if (decided->empty()) return {};
    const auto readings = readings_of(document);
    if (!readings) return tl::unexpected(readings.error());
    const std::size_t before = out.rows.size();
    for (Sending& sending : *decided) {
      for (const BodyReading& reading : *readings) sending.readings.push_back(reading.position);
      if (auto added = add_history(sending); !added) return added;
      if (history_fits(filter, sending)) out.rows.push_back(std::move(sending));
    }
    if (out.rows.size() > before) out.readings.insert(out.readings.end(), readings->begin(), readings->end());
    return {};
  }

 private:
  Result<std::vector<Sending>> decisions(Position document, const SendingFilter& filter) {
    std::vector<Sending> out;
    outcomes_.bind(column(document));
    for (;;) {
      const auto row = outcomes_.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return out;
      Sending s;
      s.position = document;
      s.time = time_at(outcomes_, 0);
      s.document_id = outcomes_.text(1);
      s.number = outcomes_.text(2);
      s.type = outcomes_.text(3);
      s.sender = outcomes_.text(4);
      s.index = static_cast<std::uint32_t>(outcomes_.integer(5));
      s.addressed = outcomes_.text(6);
      s.recipient = outcomes_.text(7);
      s.agreement = outcomes_.text(8);
      s.version = static_cast<std::uint32_t>(outcomes_.integer(9));
      s.clause = outcomes_.text(10);
      s.outcome = outcomes_.text(11);
      if (s.outcome != "accepted-before" && decision_fits(filter, s)) out.push_back(std::move(s));
    }
  }

  Result<void> add_history(Sending& sending) {
    if (!sending.accepted()) return {};
    deliveries_.bind(column(sending.position)).bind(std::int64_t{sending.index});
    for (;;) {
      const auto row = deliveries_.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      sending.state = deliveries_.text(0);
      if (const Position order = position_at(deliveries_, 1); order != Position(0)) sending.replays.push_back(order);
    }
    events_.bind(column(sending.position)).bind(std::int64_t{sending.index});
    for (;;) {
      const auto row = events_.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return {};
      const DeliveryStep step{position_at(events_, 0), time_at(events_, 1), events_.text(2)};
      if (!sending.delivered && is_arrival(step.status)) sending.delivered = step;
      if (!sending.answered && is_answer(step.status)) sending.answered = step;
    }
  }

  Result<std::vector<BodyReading>> readings_of(Position document) {
    std::vector<BodyReading> out;
    readings_.bind(column(document));
    for (;;) {
      const auto row = readings_.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return out;
      out.push_back({position_at(readings_, 0), time_at(readings_, 1), document, readings_.text(2), readings_.text(3)});
    }
  }

  Statement outcomes_, deliveries_, events_, readings_;
};

Result<void> check_sending_filter(const SendingFilter& f) {
  const auto wrong_filter = [](const std::string& reason) { return fail(ErrorCode::usage, {{"reason", reason}}); };
  if (f.limit < 1 || f.limit > kSendingsMax) return wrong_filter("the limit is from 1 to " + std::to_string(kSendingsMax));
  const auto& marks = sending_marks();
  for (const std::string& mark : f.reached)
    if (std::find(marks.begin(), marks.end(), mark) == marks.end())
      return wrong_filter("reached is one or several of: delivered, answered, replayed, read");
  return {};
}

}  // namespace

const std::vector<std::string>& sending_marks() {
  static const std::vector<std::string> marks = {"delivered", "answered", "replayed", "read"};
  return marks;
}

Result<Sendings> Queries::sendings(const SendingFilter& filter, std::size_t documents_max) {
  if (auto good = check_sending_filter(filter); !good) return tl::unexpected(good.error());
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  auto bounds = bounds_of_times(*database_, filter.from, filter.until);
  if (!bounds) return tl::unexpected(bounds.error());
  if (filter.from_position) bounds->low = std::max(bounds->low, *filter.from_position);
  if (filter.before) bounds->high = std::min(bounds->high, *filter.before);
  const auto reached = this->reached();
  if (!reached) return tl::unexpected(reached.error());
  Sendings out{reached->position, reached->time, {}, {}, {}};
  const Sql sql = candidate_documents(filter, *bounds);
  Statement list(*database_, sql.text(), sql::Rows::in_portions);
  sql.bind(list);
  SendingReader reader(*database_);
  Position last;
  for (std::size_t seen = 0;; ++seen) {
    const auto row = list.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    if (seen == documents_max || out.rows.size() >= filter.limit) break;
    last = position_at(list, 0);
    if (auto read = reader.read(last, filter, out); !read) return tl::unexpected(read.error());
  }
  out.next = last;
  return out;
}

}  // namespace hub::ledger
