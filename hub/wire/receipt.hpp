// What became of a sender's documents at their recipients.
#pragma once

#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/wire/frame.hpp"

namespace hub::wire {

enum class ReceiptKind : std::uint8_t { delivered = 1 };

// An array: [kind, document's position, document's id, outcome index, recipient, record's position, time]
struct Receipt {
  ReceiptKind kind{};
  Position document;             // the acceptance record
  Uuid id;
  std::uint8_t outcome_index = 0;
  std::string_view recipient;    // the party
  Position record;               // the record of the receipt itself
  UnixMicros time;
};

// Hub -> endpoint: 1 sequence of the first receipt, 2 receipts.
struct Receipts {
  StreamSequence first;
  std::vector<Receipt> receipts;
};

void write(Buffer& out, const Receipts& m);
Result<Receipts> read_receipts(ByteView payload);

}  // namespace hub::wire
