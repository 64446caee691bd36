// What the journal has of one party, as values that are compared with what the party's endpoints have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/crypto/digest.hpp"
#include "hub/wire/delivery_id.hpp"

namespace hub::ledger {

// Everything since a time, and what is named, however old it is.
struct PartyQuestion {
  std::string party;
  UnixMicros since;
  std::vector<Position> documents;  // of their records
  std::vector<wire::DeliveryKey> deliveries;
};

struct SentRecord {
  Position position;
  UnixMicros time;
  Uuid id;
  bool accepted = false;
  crypto::Digest leaf{};
};

struct ReceivedRecord {
  std::string id;
  Position position;  // of the document's acceptance
  Uuid document;
  crypto::Digest leaf{};                   // of the acceptance
  std::optional<UnixMicros> delivered_at;  // while the recipient has it, whatever it said of it later
};

struct PartyRecords {
  std::string journal_id;                // hexadecimal
  Position end;                          // records before it are in the ledger
  std::vector<SentRecord> sent;          // by position, those that are named behind them
  std::vector<ReceivedRecord> received;  // likewise, perhaps again
};

}  // namespace hub::ledger
