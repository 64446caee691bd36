#include "hub/ledger/queries.hpp"

#include "hub/ledger/columns.hpp"
#include "hub/ledger/filters.hpp"
#include "hub/ledger/home.hpp"
#include "hub/ledger/rows.hpp"

namespace hub::ledger {

using sql::Statement;

namespace {

template <class Filter>
Result<Bounds> bounds_of(sql::Database& database, const Filter& filter) {
  const auto bounds = bounds_of_times(database, filter.from, filter.until);
  if (!bounds || !filter.before) return bounds;
  return Bounds{bounds->low, std::min(bounds->high, *filter.before)};
}

// The versions of a type; the type itself when it has one, registered or not.
Result<std::vector<std::string>> versions_of(sql::Database& database, const std::optional<std::string>& type) {
  std::vector<std::string> out;
  if (!type) return out;
  if (type->find('/') != type->npos) return std::vector<std::string>{*type};
  Statement read(database, "SELECT id FROM types WHERE name = ? ORDER BY id");
  read.bind(*type);
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(read.text(0));
  }
}

// A clause that is named alone gets its agreement, if only one has or had it: outcomes are found by both. False: none has.
Result<bool> find_agreement(sql::Database& database, DocumentFilter& filter) {
  if (!filter.clause || filter.agreement) return true;
  Statement read(database, "SELECT DISTINCT agreement FROM clauses WHERE id = ? LIMIT 2");
  read.bind(*filter.clause);
  std::vector<std::string> found;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    found.push_back(read.text(0));
  }
  if (found.size() == 1) filter.agreement = found.front();
  return !found.empty();
}

}  // namespace

Result<Bounds> bounds_of_times(sql::Database& database, std::optional<UnixMicros> from,
                               std::optional<UnixMicros> until) {
  Bounds bounds{Position(0), kPositionMax};
  const std::pair<std::optional<UnixMicros>, Position*> ends[] = {{from, &bounds.low}, {until, &bounds.high}};
  for (const auto& [time, position] : ends) {
    if (!time) continue;
    Statement read(database, "SELECT position FROM documents WHERE time >= ? ORDER BY time, position LIMIT 1");
    const auto row = read.bind(time->value).step();
    if (!row) return tl::unexpected(row.error());
    *position = *row ? position_at(read, 0) : kPositionMax;
  }
  return bounds;
}

Document document_row(const Statement& row) {
  Document d;
  d.position = position_at(row, 0);
  d.time = time_at(row, 1);
  d.id = row.text(2);
  d.conversation = row.text(3);
  d.type = row.text(4);
  d.sender = row.text(5);
  d.endpoint = row.text(6);
  d.subject = row.text(7);
  d.number = row.text(8);
  d.urgency = static_cast<std::uint8_t>(row.integer(9));
  d.document_time = time_at(row, 10);
  d.deliver_at = optional_time_at(row, 11);
  d.accepted = row.integer(12) != 0;
  d.refusal = optional_text_at(row, 13);
  d.body_bytes = static_cast<std::uint64_t>(row.integer(14));
  d.erased = row.integer(15) != 0;
  return d;
}

Result<std::vector<Outcome>> outcomes_of(Statement& read, Position position) {
  std::vector<Outcome> out;
  std::int64_t last = -1;
  read.bind(column(position));
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    if (read.integer(8) != last)
      out.push_back({read.text(0), read.text(1), read.text(2), read.text(3), static_cast<std::uint32_t>(read.integer(4)),
                     read.text(5), optional_text_at(read, 6), optional_time_at(read, 7), {}});
    last = read.integer(8);
    if (auto field = optional_text_at(read, 9)) out.back().unneeded.push_back(std::move(*field));
  }
}

void keep_own(Document& document, const std::optional<std::string>& seen_by) {
  if (!seen_by || document.sender == *seen_by) return;
  std::erase_if(document.outcomes, [&](const Outcome& outcome) { return outcome.actual != *seen_by; });
}

Delivery delivery_row(const Statement& row) {
  Delivery l;
  l.id = row.text(0);
  l.position = position_at(row, 1);
  l.index = static_cast<std::uint32_t>(row.integer(2));
  l.replay = position_at(row, 3);
  l.document_id = row.text(4);
  l.type = row.text(5);
  l.sender = row.text(6);
  l.subject = row.text(7);
  l.recipient = row.text(8);
  l.endpoint = row.text(9);
  l.state = row.text(10);
  l.since = time_at(row, 11);
  l.attempts = static_cast<std::uint32_t>(row.integer(12));
  l.cause = optional_text_at(row, 13);
  l.detail = optional_text_at(row, 14);
  return l;
}

Result<std::unique_ptr<Queries>> Queries::open(const std::string& address) {
  auto database = open_for_reading(address);
  if (!database) return tl::unexpected(database.error());
  return std::unique_ptr<Queries>(new Queries(std::move(*database)));
}

Queries::Queries(std::unique_ptr<sql::Database> database) : database_(std::move(database)) {}
Queries::~Queries() = default;

Result<Page<Document>> Queries::documents(const DocumentFilter& asked) {
  DocumentFilter filter = asked;
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  const auto bounds = bounds_of(*database_, filter);
  if (!bounds) return tl::unexpected(bounds.error());
  const auto types = versions_of(*database_, filter.type);
  if (!types) return tl::unexpected(types.error());
  const auto possible = find_agreement(*database_, filter);
  if (!possible) return tl::unexpected(possible.error());
  const auto sql = documents_sql(database_->dialect(), filter, *bounds, *types);
  if (!sql) return tl::unexpected(sql.error());
  if (!*possible) return Page<Document>();
  Statement list(*database_, std::string("SELECT ") + kDocumentColumns + sql->text(), sql::Rows::in_portions);
  Statement outcomes(*database_, kOutcomesOf);
  sql->bind(list);
  Page<Document> page;
  for (;;) {
    const auto row = list.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return page;
    if (!page.rows.empty() && position_at(list, 0) == page.rows.back().position) continue;
    if (page.rows.size() == filter.limit) break;
    page.rows.push_back(document_row(list));
    auto of_this = outcomes_of(outcomes, page.rows.back().position);
    if (!of_this) return tl::unexpected(of_this.error());
    page.rows.back().outcomes = std::move(*of_this);
    keep_own(page.rows.back(), filter.seen_by);
  }
  page.next = page.rows.back().position;
  return page;
}

Result<Page<Delivery>> Queries::deliveries(const DeliveryFilter& filter) {
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  const auto bounds = bounds_of(*database_, filter);
  if (!bounds) return tl::unexpected(bounds.error());
  const auto types = versions_of(*database_, filter.type);
  if (!types) return tl::unexpected(types.error());
  const auto sql = deliveries_sql(filter, *bounds, *types, /*with_cause=*/false, /*with_order=*/true);
  if (!sql) return tl::unexpected(sql.error());
  Statement list(*database_, std::string("SELECT ") + kDeliveryColumns + sql->text(), sql::Rows::in_portions);
  sql->bind(list);
  Page<Delivery> page;
  for (;;) {
    const auto row = list.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return page;
    Delivery delivery = delivery_row(list);
    if (!page.rows.empty() && delivery.id == page.rows.back().id) continue;
    if (page.rows.size() >= filter.limit && delivery.position != page.rows.back().position) break;
    page.rows.push_back(std::move(delivery));
  }
  page.next = page.rows.back().position;
  return page;
}

Result<std::vector<CauseCount>> Queries::deliveries_by_cause(const DeliveryFilter& given) {
  DeliveryFilter filter = given;
  filter.before.reset();
  filter.limit = kPageDefault;
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  const auto bounds = bounds_of(*database_, filter);
  if (!bounds) return tl::unexpected(bounds.error());
  const auto types = versions_of(*database_, filter.type);
  if (!types) return tl::unexpected(types.error());
  const auto sql = deliveries_sql(filter, *bounds, *types, /*with_cause=*/true, /*with_order=*/false);
  if (!sql) return tl::unexpected(sql.error());
  Statement list(*database_, "SELECT l.cause, count(*), min(l.since), max(l.since)" + sql->text() +
                                 " GROUP BY l.cause ORDER BY count(*) DESC, l.cause");
  sql->bind(list);
  std::vector<CauseCount> out;
  for (;;) {
    const auto row = list.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back({list.text(0), static_cast<std::uint64_t>(list.integer(1)), time_at(list, 2), time_at(list, 3)});
  }
}

Result<std::vector<std::pair<Position, std::string>>> Queries::configuration(std::string_view item,
                                                                             std::string_view id, Position until) {
  Statement read(*database_, "SELECT position, canonical FROM configuration_changes WHERE item = ? AND id = ? AND position <= ?"
                             " ORDER BY position DESC");
  read.bind(item).bind(id).bind(column(until));
  std::vector<std::pair<Position, std::string>> out;
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.emplace_back(position_at(read, 0), read.text(1));
  }
}

}  // namespace hub::ledger
