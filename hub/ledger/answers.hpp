// What the ledger answers: plain values, and their JSON, which is the same at the command line and over HTTP.
// Times in JSON are RFC 3339 in UTC; digests and keys are hexadecimal; what is not there is left out.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"

namespace hub::ledger {

// A page of a list; `next` is there when older rows may follow: ask for what is before it.
template <class Row>
struct Page {
  std::vector<Row> rows;
  std::optional<Position> next;
};

// One recipient's outcome of a document, and what became of its delivery.
struct Outcome {
  std::string addressed, actual, outcome;  // "accepted" or an error code
  std::string agreement;                   // may be empty
  std::uint32_t version = 0;
  std::string clause;                // may be empty
  std::optional<std::string> state;  // of the delivery (the newest replay's, if it was replayed)
  std::optional<UnixMicros> since;   // since when
  std::vector<std::string> unneeded;  // fields that the clause let through and does not need, by name
};

struct Document {
  Position position;
  UnixMicros time;  // of the record
  std::string id, conversation, type, sender, endpoint, subject, number;
  std::uint8_t urgency = 0;
  UnixMicros document_time;  // as its sender signed it
  std::optional<UnixMicros> deliver_at;
  bool accepted = false;
  std::optional<std::string> refusal;  // of the document as a whole
  std::uint64_t body_bytes = 0;
  bool erased = false;  // its storage key is destroyed: what stands here is all that is left of it
  std::vector<Outcome> outcomes;
};

struct Delivery {
  std::string id;
  Position position;        // of the document
  std::uint32_t index = 0;  // of the outcome
  Position replay;          // of the order that replayed it; 0: the first delivery
  std::string document_id, type, sender, subject, recipient, endpoint, state;
  UnixMicros since;                          // in this state
  std::uint32_t attempts = 0;                // failed so far
  std::optional<std::string> cause, detail;  // of the last failure: a code, and words
};

struct CauseCount {
  std::string cause;
  std::uint64_t count = 0;
  UnixMicros oldest, newest;  // of `since`
};

// One thing that happened to a delivery.
struct DeliveryEvent {
  Position record;
  UnixMicros time;
  std::optional<UnixMicros> reported_time;  // the recipient system's own
  std::string status;                       // a state's name, or "ordered-retry" and so on for an operator's order
  bool effective = true;                    // false: too late or contradictory, changed nothing
  std::string cause, reason, actor;         // may be empty; actor: an endpoint or "administrator:<key id>"
};

struct TracedDelivery {
  Delivery delivery;
  std::vector<DeliveryEvent> events;  // in order
};

struct Batch {
  Position position;
  UnixMicros time;
  std::string endpoint, sender, key_id;  // sender is empty when the batch was refused
  std::uint32_t count = 0;
  std::string root, signature;  // hexadecimal; empty when the batch was refused
};

// Another record that belongs to a document's history.
struct Related {
  std::string relation;  // refused-before, refused-again, accepted-later, conflicting, conversation
  Document document;
};

struct Trace {
  Document document;
  std::string digest, envelope, key_id, leaf;  // hexadecimal
  std::uint32_t batch_index = 0;
  std::vector<std::pair<std::string, std::string>> facts;  // of a refusal of the document as a whole
  std::vector<std::string> case_references;  // as the document has them
  std::optional<Batch> batch;
  std::vector<TracedDelivery> deliveries;
  std::vector<Related> related;  // by position, at most kPageMax
};

struct EndpointStatus {
  std::string id, party;
  bool enabled = false, connected = false;
  std::optional<UnixMicros> since;  // connected or gone since; nothing: never connected
  std::uint64_t pending = 0;
  std::optional<UnixMicros> oldest_pending;  // time of the oldest document that waits
  bool paused = false;
  Position last_order;  // to pause or to resume it; 0: none
};

struct Count {
  std::string name;
  std::uint64_t count = 0;
};

struct Status {
  std::string journal_id, origin;
  bool demo = false;
  Position position;               // the ledger holds every record before it
  std::optional<UnixMicros> time;  // of the last record that it holds
  std::optional<std::uint64_t> lag_records;
  std::optional<std::int64_t> lag_micros;  // 0 when nothing is missing
  std::optional<bool> hub_running;         // as far as the records say: started and not stopped
  std::uint64_t documents = 0, accepted = 0;
  std::vector<Count> outcomes;            // by recipient's outcome
  std::vector<Count> refusals;            // documents by code, whole or for a recipient
  std::vector<Count> deliveries;          // by state
  std::vector<EndpointStatus> endpoints;  // by id
};

// When something ends that people have to renew.
struct Expiry {
  std::string id;
  UnixMicros at;
};

struct Expiries {
  std::vector<Expiry> keys;        // of each party with a certified key: when its last one ends or was revoked
  std::vector<Expiry> agreements;  // whose newest version has an end: the moment after it
};

// Documents of one type from one party to another. `recipient` is empty where none was found out.
// From the acceptance, or from the time that its sender set, until its recipient has it: more is late.
constexpr std::int64_t kLateMicros = 15 * 60 * kMicrosPerSecond;

struct Flow {
  std::string sender, recipient, type;
  std::uint64_t accepted = 0, refused = 0, late = 0;  // late ones are among the accepted
};

// That a document was accepted: of whom, and when.
struct Sent {
  Position position;
  UnixMicros time;
  std::string sender, type;
};

struct Flows {
  std::vector<Flow> rows;
  std::uint64_t documents = 0;             // that were counted
  std::optional<UnixMicros> counted_from;  // there may be more: documents before this time are not among them
  bool more = false;                       // smaller flows are left out
};

// What people call an id.
struct Label {
  std::string id, vi, en;
};

struct AgreementName {
  Label title;
  std::uint32_t version = 0;
  bool directed = false;
  std::string in_force_from, in_force_until, contact;  // local dates, inclusive; until may be empty
};

struct Names {
  std::vector<Label> parties, types;      // by id
  std::vector<AgreementName> agreements;  // by id
};

struct AgreementVersion {
  Position position;  // of its registration
  UnixMicros time;
  std::string canonical;  // JSON
  std::string actor;      // who signed the configuration that it came with: administrator:<key id>
};

struct ClauseUse {
  std::uint32_t version = 0;
  std::string clause;
  std::uint64_t accepted = 0, refused = 0;  // refused: it was the nearest
};

struct AgreementHistory {
  std::vector<AgreementVersion> versions;  // the newest first
  std::vector<ClauseUse> use;
};

nlohmann::ordered_json to_json(const Outcome& outcome);
nlohmann::ordered_json to_json(const Document& document);
nlohmann::ordered_json to_json(const Delivery& delivery);
nlohmann::ordered_json to_json(const CauseCount& count);
nlohmann::ordered_json to_json(const Trace& trace);
nlohmann::ordered_json to_json(const Status& status);
nlohmann::ordered_json to_json(const Flows& flows);
nlohmann::ordered_json to_json(const Names& names);
nlohmann::ordered_json to_json(const AgreementHistory& history);

// {"rows": […], "next": position}; next is left out on the last page. `name` takes the place of "rows".
template <class Row>
nlohmann::ordered_json to_json(const Page<Row>& page, const char* name) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Row& row : page.rows) rows.push_back(to_json(row));
  nlohmann::ordered_json out = {{name, std::move(rows)}};
  if (page.next) out["next"] = page.next->value;
  return out;
}

}  // namespace hub::ledger
