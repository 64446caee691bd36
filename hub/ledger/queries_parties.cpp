// What the journal has of one party.
#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/queries.hpp"
#include "hub/sql/sql.hpp"

namespace hub::ledger {
namespace {

using sql::Statement;

constexpr const char* kSent =
    "SELECT d.position, d.time, d.id, d.accepted, r.leaf FROM participants p"
    " CROSS JOIN documents d ON d.position = p.position CROSS JOIN records r ON r.position = d.position"
    " WHERE p.party = ?1 AND p.role = 'sender'";

// The states in which a recipient has a delivery, and the events by which it came to have it.
const std::string kTakenStates =
    "('delivered', 'refused', 'registered', 'assigned', 'processing', 'finished', 'recalled', 'recall-refused')";
const std::string kReceivedColumns =
    "SELECT l.id, l.position, d.id AS document, r.leaf, CASE WHEN l.state IN " + kTakenStates +
    " THEN (SELECT min(e.time) FROM delivery_events e WHERE e.position = l.position AND e.idx = l.idx"
    " AND e.replay = l.replay AND e.effective = 1 AND e.status IN " +
    kTakenStates + ") END AS delivered_at, l.idx, l.replay";
constexpr const char* kReceivedSince =
    " FROM (SELECT DISTINCT position FROM participants WHERE party = ?1 AND role IN ('addressed', 'actual')) p"
    " CROSS JOIN deliveries l ON l.position = p.position CROSS JOIN documents d ON d.position = l.position"
    " CROSS JOIN records r ON r.position = l.position"
    " WHERE l.recipient = ?1 AND l.since >= ?2";
constexpr const char* kReceivedNamed =
    " FROM deliveries l CROSS JOIN documents d ON d.position = l.position CROSS JOIN records r ON r.position = "
    "l.position"
    " WHERE l.recipient = ?1 AND l.position = ?2 AND l.idx = ?3 AND l.replay = ?4";

Uuid uuid_at(const Statement& row, int column) {
  const auto id = parse_uuid(row.text(column));
  HUB_CHECK(id.has_value());
  return *id;
}
crypto::Digest digest_at(const Statement& row, int column) {
  const auto digest = fixed<32>(row.bytes(column));
  HUB_CHECK(digest.has_value());
  return *digest;
}

// All rows of a statement whose parameters are bound.
template <class Take>
Result<void> each(Statement& read, Take take) {
  for (;;) {
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    take();
  }
}

Result<void> read_sent(sql::Database& database, const PartyQuestion& question, PartyRecords& out) {
  const auto take_from = [&out](const Statement& read) {
    return [&] {
      out.sent.push_back(
          {position_at(read, 0), time_at(read, 1), uuid_at(read, 2), read.integer(3) != 0, digest_at(read, 4)});
    };
  };
  // Time never goes back from one record to the next.
  Statement since(database, std::string(kSent) +
                                " AND p.position >= (SELECT coalesce((SELECT position FROM documents WHERE time >= ?2"
                                " ORDER BY time, position LIMIT 1), 9223372036854775807)) ORDER BY d.position");
  since.bind(question.party).bind(question.since.value);
  if (auto done = each(since, take_from(since)); !done) return done;
  const std::size_t found = out.sent.size();
  Statement named(database, std::string(kSent) + " AND p.position = ?2");
  for (const Position position : question.documents) {
    const auto known = std::span(out.sent).first(found);
    if (std::ranges::binary_search(known, position, {}, &SentRecord::position)) continue;
    named.bind(question.party).bind(column(position));
    if (auto done = each(named, take_from(named)); !done) return done;
  }
  return {};
}

Result<void> read_received(sql::Database& database, const PartyQuestion& question, PartyRecords& out) {
  const auto take_from = [&out](const Statement& read) {
    return [&] {
      out.received.push_back(
          {read.text(0), position_at(read, 1), uuid_at(read, 2), digest_at(read, 3), optional_time_at(read, 4)});
    };
  };
  Statement since(database, "SELECT * FROM (" + kReceivedColumns + kReceivedSince +
                                ") received WHERE delivered_at >= ?2 ORDER BY position, idx, replay");
  since.bind(question.party).bind(question.since.value);
  if (auto done = each(since, take_from(since)); !done) return done;
  Statement named(database, kReceivedColumns + kReceivedNamed);
  for (const wire::DeliveryKey& key : question.deliveries) {
    named.bind(question.party)
        .bind(column(key.document))
        .bind(std::int64_t{key.outcome_index})
        .bind(column(key.replay));
    if (auto done = each(named, take_from(named)); !done) return done;
  }
  return {};
}

Result<void> read_ledger(sql::Database& database, PartyRecords& out) {
  Statement read(database, "SELECT journal_id, position FROM meta");
  const auto row = read.step();
  if (!row) return tl::unexpected(row.error());
  out.journal_id = read.text(0);
  out.end = position_at(read, 1);
  return {};
}

}  // namespace

Result<PartyRecords> Queries::party_records(const PartyQuestion& question) {
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  PartyRecords out;
  if (auto done = read_ledger(*database_, out); !done) return tl::unexpected(done.error());
  if (auto done = read_sent(*database_, question, out); !done) return tl::unexpected(done.error());
  if (auto done = read_received(*database_, question, out); !done) return tl::unexpected(done.error());
  return out;
}

}  // namespace hub::ledger
