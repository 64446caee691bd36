// Questions to the ledger, and answers as values: what the command line prints and the HTTP API serves. An answer is
// one snapshot of the ledger, and says nothing beyond the journal's durable end, as the ledger holds nothing beyond it.
//
// Lists are paged by position, newest first: ask again with `before` set to `next` of the page until there is none. A
// page of deliveries holds all of a document that its filter lets through, so it may be longer than `limit`.
// Threads: one at a time. Opening is cheap (well under a millisecond, a few of a PostgreSQL server): open one for each request, and a ledger that was
// rebuilt meanwhile is seen.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/base/time.hpp"
#include "hub/ledger/answers.hpp"
#include "hub/ledger/audit.hpp"
#include "hub/ledger/overreach.hpp"
#include "hub/ledger/party_records.hpp"
#include "hub/ledger/sendings.hpp"

namespace hub::sql {
class Database;
}

namespace hub::ledger {

constexpr std::size_t kPageDefault = 50;
constexpr std::size_t kPageMax = 1000;
constexpr std::size_t kFilterBytesMax = 1000;  // of one text in a filter
constexpr std::size_t kFlowsMax = 2'000;
constexpr std::size_t kPeriodDocumentsMax = 100'000;  // that one question about a period counts

// Everything that is set must hold. Names are exact.
//
// `seen_by`: a party, and the answer holds nothing but its own: what it sent, and what was accepted for it. Of a document
// that it got, it sees no other recipient's outcome.
struct DocumentFilter {
  std::optional<std::string> seen_by = {};
  std::optional<std::string> party = {};  // sender, addressed or actual recipient
  std::optional<std::string> sender = {};
  std::optional<std::string> recipient = {};  // addressed or actual
  std::optional<std::string> type = {};       // "petition-transfer/1"; without a version: any version
  std::optional<std::string> agreement = {};  // of an outcome, permitted or refused
  std::optional<std::string> clause = {};     // likewise; without an agreement: of any
  // A field that was let through to one of its recipients without need. Agreement, clause and recipient are then those
  // of that very outcome, the recipient the actual one.
  std::optional<std::string> unneeded = {};
  std::optional<std::string> state = {};      // one of its deliveries is in it (delivery_states())
  std::optional<std::string> code = {};       // refused with it, as a whole or for one recipient
  std::optional<std::string> text = {};  // each word is in subject or number; with or without diacritics, in any case
  std::optional<std::string> case_reference = {};  // whole, of its letters and digits, in any case
  std::optional<std::string> conversation = {};  // a document's id
  std::optional<bool> accepted = {};
  std::optional<bool> late = {};  // it did not come to a recipient, or the one that is asked for, within kLateMicros
  std::optional<std::uint8_t> urgency = {};         // 0 to 4
  std::optional<UnixMicros> from = {}, until = {};  // of the record's time; until: exclusive
  std::optional<Position> before = {};              // older than this position
  std::size_t limit = kPageDefault;                 // 1 to kPageMax
};

struct DeliveryFilter {
  std::optional<std::string> seen_by = {};        // sender or recipient, whatever else is asked for
  std::optional<std::string> party = {};  // sender or recipient
  std::optional<std::string> sender = {}, recipient = {}, endpoint = {}, type = {};
  std::optional<std::string> state = {};            // delivery_states()
  std::optional<std::string> cause = {};            // code of the last failure
  std::optional<UnixMicros> from = {}, until = {};  // of the document's record; until: exclusive
  std::optional<Position> before = {};
  std::size_t limit = kPageDefault;
};

// What was sent in a period; `documents_max`: no more than so many, the newest; `flows_max`: no more rows, the largest.
struct Period {
  std::optional<UnixMicros> from = {}, until = {};  // of the record's time; until: exclusive
  std::size_t documents_max = kPeriodDocumentsMax, flows_max = kFlowsMax;
};

// pending, delivered, refused, … in the order of their status numbers.
const std::vector<std::string>& delivery_states();

class Queries {
 public:
  // `address`: as Ledger::open has it. ledger_missing (path): there is none, or not of this version. ledger_unreachable
  // (path, reason). io_failed.
  static Result<std::unique_ptr<Queries>> open(const std::string& address);
  ~Queries();

  // usage (reason) when a filter's value can't be: an unknown state, a limit out of bounds.
  Result<Page<Document>> documents(const DocumentFilter& filter);
  Result<Page<Delivery>> deliveries(const DeliveryFilter& filter);
  // How many deliveries with a failure there are for each cause, most first; `before` and `limit` mean nothing here.
  Result<std::vector<CauseCount>> deliveries_by_cause(const DeliveryFilter& filter);

  // A document's whole history, by its id (a UUID), its position in the journal, or the id of one of its deliveries. Of
  // an id that came several times the accepted one; the others are in `related`. not_found (path), also of one that the
  // party `seen_by` may not see.
  Result<Trace> trace(std::string_view what, const std::optional<std::string>& seen_by = {});

  // Who sent what to whom, and how much of it was refused or late; the most first, at most 2,000 rows.
  Result<Flows> flows(const Period& period);
  // The labels of parties and types, and every agreement as it was registered last.
  Result<Names> names();
  // Every registered version of an agreement, the newest first, and how often its clauses were decided on in a period.
  // not_found (path).
  Result<AgreementHistory> agreement(std::string_view id, const Period& period);

  // What was registered of an item (kind_name, id) up to a position: where, and its canonical form, the newest first.
  Result<std::vector<std::pair<Position, std::string>>> configuration(std::string_view item, std::string_view id,
                                                                      Position until);

  // The rows of a report, newest first, and the readings of their documents. `documents_max`: that may be looked at; when
  // they or the limit are reached, `next` says where to go on. usage (reason).
  Result<Sendings> sendings(const SendingFilter& filter, std::size_t documents_max = kPeriodDocumentsMax);
  // Permissions from and to a party that were not used in a period, fields that it sent or got without need, and who
  // read or repeated its documents in it.
  // not_found (path), usage (reason).
  Result<Overreach> overreach(const OverreachQuestion& question);
  // What people did, newest first. `scan_max`: acts that may be looked at. usage (reason).
  Result<Page<AuditEntry>> audit(const AuditFilter& filter, std::size_t scan_max = kAuditScanMax);

  // What a party sent and what was delivered to it.
  Result<PartyRecords> party_records(const PartyQuestion& question);

  // By id.
  Result<Expiries> expiries();

  // Accepted documents from a position on, the oldest first; with nothing the newest of all. At most so many.
  Result<std::vector<Sent>> sent_since(std::optional<Position> from, std::size_t count_max);

  // How far the ledger is: everything before this position, and the time of the last record before it.
  struct Reached {
    Position position;
    std::optional<UnixMicros> time;
  };
  Result<Reached> reached();

  // `durable_end`: where the journal is now (journal::read_durable_end); `now` for the lag in seconds. With nothing
  // the lag is not known.
  Result<Status> status(std::optional<Position> durable_end, UnixMicros now);

 private:
  explicit Queries(std::unique_ptr<sql::Database> database);
  std::unique_ptr<sql::Database> database_;
};

}  // namespace hub::ledger
