// Sendings: a document to one of its recipients, as it was decided, and what became of it. They are the rows of every
// report about deliveries, and a report's figures are counted from them alone.
//
// A document that was refused as a whole, before anybody looked at its recipients, is one sending to nobody. What an
// earlier record had accepted (outcome accepted-before) is none: it is a sending of that record.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"

namespace hub::ledger {

constexpr std::size_t kSendingsMax = 10'000;  // rows of one answer; all of a document's are in it, so it may be longer
// In a filter: the row has none. No id begins so.
inline constexpr std::string_view kNone = "-";

// Everything that is set must hold. Names are exact; `kNone` for agreement or clause: where none was in question, for
// recipient: of a document that was refused as a whole.
struct SendingFilter {
  std::optional<std::string> party = {};  // sender, addressed or actual recipient
  std::optional<std::string> sender = {}, recipient = {};  // recipient: the actual one
  std::optional<std::string> agreement = {}, clause = {};
  std::optional<std::string> outcome = {};  // accepted, refused (with any code), or a code
  std::vector<std::string> reached = {};    // all of them: sending_marks()
  std::optional<UnixMicros> from = {}, until = {};  // of the document's record; until: exclusive
  std::optional<Position> from_position = {};       // of the document: at or after it
  std::optional<Position> before = {};              // older than it
  std::size_t limit = kSendingsMax;                 // 1 to kSendingsMax
};

// delivered, answered, replayed, read: what may have become of a sending.
const std::vector<std::string>& sending_marks();

// A step on the way of a delivery.
struct DeliveryStep {
  Position record;
  UnixMicros time;
  std::string status;
};

struct Sending {
  Position position;  // of the document
  UnixMicros time;    // of its record
  std::uint32_t index = 0;  // of the outcome
  std::string document_id, number, type, sender;
  std::string addressed, recipient;  // recipient: who gets it; both are empty when the document was refused as a whole
  std::string agreement;             // may be empty
  std::uint32_t version = 0;
  std::string clause;                // may be empty
  std::string outcome;               // "accepted" or an error code
  std::optional<std::string> state;  // of its newest delivery
  // The first thing that says it was at its recipient's; and that the recipient was done with it: finished or refused.
  std::optional<DeliveryStep> delivered, answered;
  std::vector<Position> replays;   // operators' orders, ascending
  std::vector<Position> readings;  // of the document's body by administrators, ascending

  bool accepted() const { return outcome == "accepted"; }
  std::optional<std::int64_t> micros_to_deliver() const;  // from the document's record on
  std::optional<std::int64_t> micros_to_answer() const;   // from `delivered` on
};

// A document's body was shown to an administrator.
struct BodyReading {
  Position position;
  UnixMicros time;
  Position document;
  std::string reader;  // "administrator:<key id>"
  std::string reason;
};

struct Sendings {
  Position position;               // what became of them is told up to this position of the journal
  std::optional<UnixMicros> time;  // of the last record before it
  std::vector<Sending> rows;       // by document, newest first
  std::vector<BodyReading> readings;  // of their documents, each once
  std::optional<Position> next;    // older ones may follow: ask for what is before it
};

nlohmann::ordered_json to_json(const Sending& sending);
nlohmann::ordered_json to_json(const BodyReading& reading);
// What to_json made; io_failed (path, reason) when it is something else.
Result<Sending> sending_from_json(const nlohmann::ordered_json& json);
Result<BodyReading> reading_from_json(const nlohmann::ordered_json& json);

}  // namespace hub::ledger
