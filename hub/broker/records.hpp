// Facts in the past tense: what the journal holds and what the state is made of. A record is applied alike when it
// happens and when it is replayed. The views in a record live as long as what they were decoded from.
//
// In the journal a record's metadata is a MessagePack map with ascending integer keys, given beside the members; what
// routing, queries and duties need stands there, since apply never reads a body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hub/base/month.hpp"
#include "hub/base/result.hpp"
#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/broker/users.hpp"
#include "hub/crypto/batch.hpp"
#include "hub/registry/registry.hpp"
#include "hub/wire/delivery_id.hpp"
#include "hub/wire/delivery_status.hpp"
#include "hub/wire/outcome.hpp"

namespace hub::broker {

// Of a refusal's facts a record keeps so many, and so much of each.
constexpr std::size_t kRecordedFactsMax = 16;
constexpr std::size_t kRecordedFactBytesMax = 256;
// What an answer's facts considered_vi and considered_en may have; they are not recorded.
constexpr std::size_t kConsideredBytesMax = 1024;

enum class RecordKind : std::uint8_t {  // never renumbered
  journal_created = 1,
  configuration_changed = 2,
  hub_started = 3,
  hub_stopped = 4,
  batch_received = 5,
  document_accepted = 6,
  document_refused = 7,
  batch_refused = 8,
  endpoint_connected = 9,
  endpoint_disconnected = 10,
  deliveries_acknowledged = 11,
  receipts_acknowledged = 12,
  strangers_refused = 13,
  schedule_reached = 14,
  delivery_reported = 15,
  delivery_failed = 16,
  delivery_ordered = 17,
  content_permitted = 18,
  content_stored = 19,
  content_dropped = 20,
  probe_recorded = 21,
  storage_key_created = 22,
  storage_key_destroyed = 23,
  legal_hold_changed = 24,
  body_read = 25,
  role_changed = 26,
  endpoint_ordered = 27,
};
std::string_view name_of(RecordKind kind);

// Record 0, and only that.
struct JournalCreated {
  std::string origin;                                // 1
  crypto::PublicKey tree_key{};                      // 2
  std::vector<crypto::PublicKey> administrators;     // 3
  bool demo = false;                                 // 4
};

struct ConfigurationChanged {
  registry::ItemKind item{};    // 1
  std::string id;               // 2
  std::string canonical;        // 3  the item in canonical form
  std::string actor;            // 4  "administrator:<key id>" or "party:<id>" (by its root key)
};

struct HubStarted {
  std::string version;          // 1
  // 2 what checkpoints are signed with from here on: the key of record 0, and others while they overlap. Absent: that
  // one alone.
  std::vector<crypto::PublicKey> tree_keys = {};
};
struct HubStopped {};

// A batch of which at least one document got a record. Its body is the list of the documents' digests.
struct BatchReceived {
  EndpointIndex endpoint;       // 1  by name
  PartyIndex sender;            // 2  by name
  crypto::KeyId key{};          // 3
  std::uint32_t count = 0;      // 4
  crypto::Digest root{};        // 5
  crypto::Signature signature{};  // 6
};

// A batch that was refused as a whole: nothing of it can be said to come from the party.
struct BatchRefused {
  EndpointIndex endpoint;       // 1
  crypto::KeyId key{};          // 2
  std::uint32_t count = 0;      // 3
  ErrorCode code{};             // 4
};

// One recipient's outcome.
struct Outcome {
  wire::OutcomeRow row;
  ByteView bytes;                    // the row as it is hashed, recorded, answered and delivered
  std::optional<PartyIndex> actual;  // of an accepted one
  std::vector<Fact> facts;           // of a refusal: for the answer, not recorded
  const std::vector<std::string>* needs = nullptr;  // of the clause that permits it, while it is decided
};

// A member of a document's `data`, and whose clauses let it through without needing it.
struct Unneeded {
  std::string_view name;
  std::vector<std::uint8_t> outcomes;  // indexes, ascending
};

// document_accepted when at least one recipient's outcome is, else document_refused (which has no body).
struct DocumentDecided {
  bool accepted = false;
  Position batch;                    // 1
  std::uint32_t index = 0;           // 2  in the batch
  Uuid id;                           // 3
  Uuid conversation;                 // 4
  std::string_view type;             // 5
  PartyIndex sender;                 // 6  by name
  EndpointIndex endpoint;            // 7  by name
  crypto::KeyId key{};               // 8
  crypto::Digest envelope{};         // 9
  std::string_view subject;          // 10
  std::string_view number;           // 11
  std::uint8_t urgency = 0;          // 12
  UnixMicros document_time;          // 13
  std::optional<UnixMicros> deliver_at;  // 14
  std::vector<Outcome> outcomes;     // 15 rows
  Buffer row_bytes;                  //    where the rows' bytes are, when this was decided and not decoded
  std::optional<ErrorCode> refusal;  // 16 of the document as a whole
  std::vector<Fact> facts;           // 17
  std::optional<Position> previous_refusal;  // 18
  crypto::Digest digest{};           // 19 of the document; of an accepted one it is the body digest, and not repeated
  std::optional<Position> earlier_acceptance;  // 20 its other recipients were accepted there, or before
  std::vector<wire::DeliveryKey> recalls;      // 21 of a recall: the deliveries that its sender wants back
  std::vector<crypto::Digest> contents;  // 22 of an accepted one's attachments, in their order; absent: none
  std::vector<std::string_view> case_references;  // 23 numbers that its case goes by, as its type says; absent: none
  std::vector<Unneeded> unneeded;        // 24 of an accepted one, in the order of `data`; absent: none
};

struct EndpointConnected {
  EndpointIndex endpoint;            // 1
  SessionId session;                 // 2
  StreamSequence deliveries_stored;  // 3
  StreamSequence receipts_stored;    // 4
  std::uint64_t window_items = 0;    // 5
  std::uint64_t window_bytes = 0;    // 6
  std::string software;              // 7
  std::vector<wire::DeliveryKey> delivered = {};  // 8 what deliveries_stored finishes; absent: none
};

struct EndpointDisconnected {
  EndpointIndex endpoint;            // 1
  SessionId session;                 // 2
  std::string reason;                // 3  an error code, or "goodbye"
};

struct DeliveriesAcknowledged {
  EndpointIndex endpoint;            // 1
  StreamSequence stored;             // 2
  std::uint64_t window_items = 0;    // 3
  std::uint64_t window_bytes = 0;    // 4
  // 5 what `stored` finishes, so that the record alone proves it. Follows from the state, and apply() does not read it.
  std::vector<wire::DeliveryKey> delivered = {};
};

struct ReceiptsAcknowledged {
  EndpointIndex endpoint;            // 1
  StreamSequence stored;             // 2
};

// Handshakes with keys that are not enrolled, counted: strangers cannot fill the journal.
struct StrangersRefused {
  std::uint64_t count = 0;           // 1
  UnixMicros since;                  // 2
};

// The time has come for documents with a deliver_at up to here.
struct ScheduleReached {
  UnixMicros until;                  // 1
};

// What a recipient's endpoint said about a delivery.
struct DeliveryReported {
  EndpointIndex endpoint;            // 1
  wire::DeliveryKey delivery;        // 2 document's position, 3 outcome index, 8 replay's position
  wire::DeliveryStatus status{};     // 4
  std::string_view reason;           // 5 absent: none
  UnixMicros reported_at;            // 6 by the clock of the recipient's system
  bool effective = false;            // 7 false: late or contradictory, it changed nothing
};

// A recipient's endpoint could not hand a delivery over.
struct DeliveryFailed {
  EndpointIndex endpoint;              // 1
  wire::DeliveryKey delivery;          // 2, 3, 8
  std::string_view cause;              // 4 code of an error; dead letters are grouped by it
  std::string_view detail;             // 5
  std::uint32_t attempt = 0;           // 6 from 1
  std::optional<UnixMicros> retry_at;  // 7 absent: a dead letter
};

enum class OrderAction : std::uint8_t { retry = 1, stop = 2, replay = 3 };

// What an operator ordered, with the proof that it was one.
struct DeliveryOrdered {
  OrderAction action{};              // 1
  wire::DeliveryKey delivery;        // 2, 3, 8
  std::string operator_id;           // 4 "administrator:<key id>"
  std::string reason;                // 5
  std::string statement;             // 6 canonical, as it was signed
  crypto::Signature signature{};     // 7
  Buffer row_now;                    // 9 of a replay: the outcome row under which it is permitted now
  std::string approver;              // 10 the second administrator who signed it; absent: none did
  crypto::Signature approval{};      // 11 likewise
};

// A party may upload this content: a document that needs it was decided on, and would be accepted with it.
struct ContentPermitted {
  EndpointIndex endpoint;   // 1
  PartyIndex sender;        // 2
  crypto::Digest digest{};  // 3
  std::uint64_t size = 0;   // 4
  UnixMicros until;         // 5
};

// It is complete, has this digest, and is synced.
struct ContentStored {
  PartyIndex sender;        // 1
  crypto::Digest digest{};  // 2
  std::uint64_t size = 0;   // 3
};

// The permit lapsed, or no document was accepted that refers to it: what there is of it is removed after this.
struct ContentDropped {
  PartyIndex sender;        // 1
  crypto::Digest digest{};  // 2
  std::string reason;       // 3  for people
};

// Somebody asked whether the hub can still make things durable, and this is the answer.
struct ProbeRecorded {};

// A key for the bodies of a retention class and a month, before the first document under it. The secret is a file.
struct StorageKeyCreated {
  std::uint32_t id = 0;      // 1  ascending, from 1
  std::uint32_t months = 0;  // 2  the class: so many months its documents are kept
  Month month;               // 3  of acceptance; as text
};

constexpr std::size_t kStorageOrderSignaturesMax = 2;  // of different administrators: to destroy a key needs two

// Who ordered something about a storage key, and why, with the proof.
struct StorageOrderProof {
  std::vector<std::string> administrators;     // 4  "administrator:<key id>", in the order of the signatures
  std::string reason;                          // 5
  std::string statement;                       // 6  canonical, as it was signed
  std::vector<crypto::Signature> signatures;   // 7
};

// From here on nobody reads what was encrypted with this key: once this is durable, its file is destroyed.
struct StorageKeyDestroyed {
  std::uint32_t id = 0;      // 1
  std::uint32_t months = 0;  // 2
  Month month;               // 3
  StorageOrderProof proof;   // 4 to 7
};

// A key that is held is not destroyed, whatever its retention.
struct LegalHoldChanged {
  std::uint32_t id = 0;      // 1
  std::uint32_t months = 0;  // 2
  Month month;               // 3
  StorageOrderProof proof;   // 4 to 7
  bool held = false;         // 8
};

// An administrator read a document's body. Durable before the body is shown.
struct BodyRead {
  Position document;              // 1
  std::string reader;             // 2 "administrator:<key id>"
  std::string reason;             // 3
  std::string statement;          // 4 canonical, as it was signed
  crypto::Signature signature{};  // 5
};

enum class RoleAction : std::uint8_t { grant = 1, revoke = 2 };

// A user was given a role, or lost it. Each use of the HTTP interface from here on is judged by it.
struct RoleChanged {
  RoleAction action{};     // 1
  std::string user;        // 2
  Role role{};             // 3
  std::string party;       // 4 of a viewer that is granted; absent: none
  std::string actor;       // 5 "administrator:<key id>", or "hub:first-start"
  std::string reason;      // 6
  std::string statement;   // 7 canonical, as it was signed; absent: nobody signed the first user
  crypto::Signature signature{};  // 8 likewise
};

enum class EndpointAction : std::uint8_t { pause = 1, resume = 2 };

// Deliveries to an endpoint are held back from here on, or go on.
struct EndpointOrdered {
  EndpointAction action{};        // 1
  EndpointIndex endpoint;         // 2
  std::string actor;              // 3 "administrator:<key id>"
  std::string reason;             // 4
  std::string statement;          // 5 canonical, as it was signed
  crypto::Signature signature{};  // 6
};

using Record = std::variant<JournalCreated, ConfigurationChanged, HubStarted, HubStopped, BatchReceived, BatchRefused,
                            DocumentDecided, EndpointConnected, EndpointDisconnected, DeliveriesAcknowledged,
                            ReceiptsAcknowledged, StrangersRefused, ScheduleReached, DeliveryReported, DeliveryFailed,
                            DeliveryOrdered, ContentPermitted, ContentStored, ContentDropped, ProbeRecorded,
                            StorageKeyCreated, StorageKeyDestroyed, LegalHoldChanged, BodyRead, RoleChanged, EndpointOrdered>;

// What stands in the journal beside the metadata.
struct RecordHead {
  Position position;
  UnixMicros time;
  std::uint32_t body_bytes = 0;  // as it was sent
  std::uint32_t body_key = 0;    // the storage key that it is encrypted with; 0: none
};

}  // namespace hub::broker
