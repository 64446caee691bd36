// A document's whole history.
#include <charconv>
#include <nlohmann/json.hpp>

#include "hub/base/uuid.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/filters.hpp"
#include "hub/ledger/queries.hpp"
#include "hub/ledger/rows.hpp"
#include "hub/sql/sql.hpp"

namespace hub::ledger {
namespace {

using sql::Statement;

std::optional<Position> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value >> 62 != 0) return std::nullopt;
  return Position(value);
}

// A position, or the one in a delivery's id: "<8 hex digits>-<12 digits>-<index>[-r<replay>]".
std::optional<Position> position_in(std::string_view what) {
  if (const auto position = number(what)) return position;
  constexpr std::size_t kJournalDigits = 8, kPositionDigits = 12;
  if (what.size() < kJournalDigits + kPositionDigits + 3 || what[kJournalDigits] != '-' ||
      what[kJournalDigits + 1 + kPositionDigits] != '-')
    return std::nullopt;
  return number(what.substr(kJournalDigits + 1, kPositionDigits));
}

class Tracer {
 public:
  Tracer(sql::Database& database, const std::optional<std::string>& seen_by)
      : database_(database), seen_by_(seen_by), outcomes_(database, kOutcomesOf) {}

  Result<Trace> trace(std::string_view what) {
    const auto position = find(what);
    if (!position) return tl::unexpected(position.error());
    Trace trace;
    for (const auto step : {&Tracer::read_document, &Tracer::read_case, &Tracer::read_batch, &Tracer::read_deliveries,
                            &Tracer::read_events, &Tracer::read_related})
      if (auto done = (this->*step)(trace, *position); !done) return tl::unexpected(done.error());
    return trace;
  }

 private:
  Result<Position> find(std::string_view what) {
    const auto position = position_in(what);
    Statement read(database_, std::string("SELECT d.position FROM documents d WHERE ") +
                                  (position ? "d.position = ?" : "d.id = ?") +
                                  (seen_by_ ? std::string(" AND ") + kIsSeenBy : "") +
                                  " ORDER BY d.accepted DESC, d.position DESC LIMIT 1");
    if (position) {
      read.bind(column(*position));
    } else {
      read.bind(what);
    }
    if (seen_by_) read.bind(*seen_by_).bind(*seen_by_);
    const auto row = read.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(ErrorCode::not_found, {{"path", std::string(what)}});
    return position_at(read, 0);
  }

  Result<void> read_document(Trace& trace, Position position) {
    Statement read(database_, std::string("SELECT ") + kDocumentColumns +
                                  ", d.digest, d.envelope, d.key_id, d.batch_index, d.facts, r.leaf"
                                  " FROM documents d JOIN records r ON r.position = d.position WHERE d.position = ?");
    const auto row = read.bind(column(position)).step();
    if (!row) return tl::unexpected(row.error());
    trace.document = document_row(read);
    constexpr int kNext = kDocumentColumnCount;
    trace.digest = to_hex(read.bytes(kNext));
    trace.envelope = to_hex(read.bytes(kNext + 1));
    trace.key_id = read.text(kNext + 2);
    trace.batch_index = static_cast<std::uint32_t>(read.integer(kNext + 3));
    if (!read.is_null(kNext + 4)) {
      const auto facts = nlohmann::ordered_json::parse(read.text(kNext + 4));
      for (const auto& [name, value] : facts.items()) trace.facts.emplace_back(name, value.get<std::string>());
    }
    trace.leaf = to_hex(read.bytes(kNext + 5));
    return read_outcomes(trace.document);
  }

  Result<void> read_outcomes(Document& document) {
    auto read = outcomes_of(outcomes_, document.position);
    if (!read) return tl::unexpected(read.error());
    document.outcomes = std::move(*read);
    keep_own(document, seen_by_);
    return {};
  }

  Result<void> read_case(Trace& trace, Position position) {
    Statement read(database_, "SELECT reference FROM case_references WHERE position = ? ORDER BY folded");
    read.bind(column(position));
    for (;;) {
      const auto row = read.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return {};
      trace.case_references.push_back(read.text(0));
    }
  }

  Result<void> read_batch(Trace& trace, Position position) {
    Statement read(database_,
                   "SELECT b.position, b.time, b.endpoint, b.sender, b.key_id, b.count, b.root, b.signature"
                   " FROM documents d JOIN batches b ON b.position = d.batch WHERE d.position = ?");
    const auto row = read.bind(column(position)).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    trace.batch = Batch{position_at(read, 0),  time_at(read, 1),     read.text(2),
                        read.text(3),          read.text(4),         static_cast<std::uint32_t>(read.integer(5)),
                        to_hex(read.bytes(6)), to_hex(read.bytes(7))};
    return {};
  }

  Result<void> read_deliveries(Trace& trace, Position position) {
    Statement read(database_, std::string("SELECT ") + kDeliveryColumns +
                                  " FROM deliveries l JOIN documents d ON d.position = l.position"
                                  " WHERE l.position = ? ORDER BY l.idx, l.replay");
    read.bind(column(position));
    for (;;) {
      const auto row = read.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return {};
      Delivery delivery = delivery_row(read);
      const bool is_own = !seen_by_ || *seen_by_ == delivery.sender || *seen_by_ == delivery.recipient;
      if (is_own) trace.deliveries.push_back({std::move(delivery), {}});
    }
  }

  Result<void> read_events(Trace& trace, Position position) {
    Statement read(database_,
                   "SELECT record, time, reported_time, status, effective, cause, reason, actor FROM delivery_events"
                   " WHERE position = ? AND idx = ? AND replay = ? ORDER BY record");
    for (TracedDelivery& traced : trace.deliveries) {
      read.bind(column(position)).bind(std::int64_t{traced.delivery.index}).bind(column(traced.delivery.replay));
      for (;;) {
        const auto row = read.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        traced.events.push_back({position_at(read, 0), time_at(read, 1), optional_time_at(read, 2), read.text(3),
                                 read.integer(4) != 0, read.text(5), read.text(6), read.text(7)});
      }
    }
    return {};
  }

  // The same id before and after, and the other documents of the conversation.
  Result<void> read_related(Trace& trace, Position position) {
    Statement read(database_, std::string("SELECT ") + kDocumentColumns +
                                  " FROM documents d WHERE (d.id = ?1 OR d.id = ?2"
                                  " OR (d.conversation = ?2 AND d.conversation <> d.id)) AND d.position <> ?3" +
                                  (seen_by_ ? std::string(" AND ") + kRelatedIsSeen : "") +
                                  " ORDER BY d.position LIMIT ?4");
    const Document& document = trace.document;
    read.bind(document.id).bind(document.conversation).bind(column(position));
    read.bind(static_cast<std::int64_t>(kPageMax));
    if (seen_by_) read.bind(*seen_by_);
    for (;;) {
      const auto row = read.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return {};
      Document other = document_row(read);
      if (auto done = read_outcomes(other); !done) return done;
      std::string relation = relation_of(document, other);
      trace.related.push_back({std::move(relation), std::move(other)});
    }
  }

  // kIsSeenBy among numbered parameters.
  static constexpr const char* kRelatedIsSeen =
      "(d.sender = ?5 OR EXISTS (SELECT 1 FROM deliveries v WHERE v.position = d.position AND v.recipient = ?5))";

  static std::string relation_of(const Document& document, const Document& other) {
    if (other.id != document.id || other.sender != document.sender) return "conversation";
    if (other.accepted) return "accepted-later";
    if (other.position < document.position) return "refused-before";
    return document.accepted ? "conflicting" : "refused-again";
  }

  sql::Database& database_;
  const std::optional<std::string>& seen_by_;
  Statement outcomes_;
};

}  // namespace

Result<Trace> Queries::trace(std::string_view what, const std::optional<std::string>& seen_by) {
  if (what.size() > kFilterBytesMax)
    return fail(ErrorCode::not_found, {{"path", std::string(what.substr(0, kFilterBytesMax))}});
  sql::Transaction snapshot(*database_);
  if (auto begun = snapshot.begin_snapshot(); !begun) return tl::unexpected(begun.error());
  return Tracer(*database_, seen_by).trace(what);
}

}  // namespace hub::ledger
