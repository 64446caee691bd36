// Compares what endpoints have with what the hub recorded: a sender's outbox with the journal, the journal with a
// recipient's inbox, by the digests of the records (leaves), both ways. Whoever reads stores and ledger hands over
// values.
//
//   outbox ──▶ journal   each answer that a sender has is a record of the journal with that leaf
//   journal ──▶ outbox   each document that the hub decided is known to its sender
//   journal ──▶ inbox    each delivery that the hub says was made is with its recipient
//   inbox ──▶ journal    each delivery that a recipient has is one of the journal, of a record with that leaf
//
// Threads: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/crypto/digest.hpp"
#include "hub/wire/delivery_id.hpp"

namespace hub::evidence {

// A store that drops what it finished before some moment went by its own clock, the hub's records by another one.
constexpr std::int64_t kClocksApartMicros = kMicrosPerDay;

struct SentDocument {
  Uuid id;
  bool answered = false;             // accepted or refused; else it waits for the hub's answer
  std::optional<Position> position;  // of the record that answers it
  std::optional<crypto::Digest> leaf;
};

struct TakenDelivery {
  std::string id;
  std::optional<crypto::Digest> leaf;  // of the acceptance
};

// What a party's endpoints have; of several endpoints all of it together.
struct Holdings {
  std::string party;
  UnixMicros complete_since;  // what was finished before may have been dropped
  std::vector<SentDocument> outbox;
  std::vector<TakenDelivery> inbox;
};

struct RecordedDocument {
  Position position;
  UnixMicros time;
  Uuid id;
  bool accepted = false;
  crypto::Digest leaf{};
};

struct RecordedDelivery {
  std::string id;
  Position position;  // of the document's acceptance
  Uuid document;
  crypto::Digest leaf{};
  std::optional<UnixMicros> delivered_at;  // none: it isn't delivered, or not any more
};

// What the hub recorded of that party: all from complete_since on, and whatever the holdings name.
struct Recorded {
  std::vector<RecordedDocument> sent;
  std::vector<RecordedDelivery> received;
  Position end;          // records before it were read
  Position journal_end;  // how many there are
};

enum class Difference {
  // gaps
  not_recorded,      // answered, says the sender; the journal has no such record
  other_leaf,        // the journal's record there is another one
  not_in_outbox,     // the sender does not know of its document
  not_in_inbox,      // the recipient does not have what was delivered, says the hub
  unknown_delivery,  // the recipient has it; the journal has no such delivery
  // still on its way
  answer_outstanding,   // the sender doesn't have the hub's answer yet
  receipt_outstanding,  // the hub doesn't know yet that the recipient has it
  not_read_yet,         // the record is behind the ones that were read
};
bool is_gap(Difference difference);
std::string_view name_of(Difference difference);

struct Discrepancy {
  Difference difference{};
  std::string party;                 // whose outbox or inbox
  std::optional<Uuid> document;      // none when it isn't known
  std::string delivery;              // empty: it is about the document as its sender has it
  std::optional<Position> position;  // of the document's record
};

// Since when what the hub recorded must be with the endpoints; 0: from the beginning.
UnixMicros must_hold_since(const Holdings& holdings);

// By position, unknown ones last.
std::vector<Discrepancy> reconcile(const Holdings& holdings, const Recorded& recorded);

}  // namespace hub::evidence
