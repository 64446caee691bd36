// What became of a sender's documents at their recipients.
#pragma once

#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/wire/delivery_status.hpp"
#include "hub/wire/frame.hpp"

namespace hub::wire {

// An array: [status, document's position, document's id, outcome index, recipient, record's position, time]
// and, of another status than delivered, the reason as the eighth.
struct Receipt {
  DeliveryStatus status = DeliveryStatus::delivered;
  Position document;             // the acceptance record
  Uuid id;
  std::uint8_t outcome_index = 0;
  std::string_view recipient;    // the party
  Position record;               // the record of the receipt itself
  UnixMicros time;
  std::string_view reason = {};  // of kReasonBytesMax; empty when delivered, and when none was given
};

// Hub -> endpoint: 1 sequence of the first receipt, 2 receipts.
struct Receipts {
  StreamSequence first;
  std::vector<Receipt> receipts;
};

void write(Buffer& out, const Receipts& m);
Result<Receipts> read_receipts(ByteView payload);

}  // namespace hub::wire
