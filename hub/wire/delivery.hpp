// Documents on their way out, with all that a recipient needs to check them.
#pragma once

#include "hub/base/time.hpp"
#include "hub/crypto/keys.hpp"
#include "hub/wire/delivery_id.hpp"
#include "hub/wire/outcome.hpp"

namespace hub::wire {

// One document to one recipient. An array:
//   [position, outcome index, outcome count, time, head digest, row, row proof, document]
// and, of a replay, the position of the order that started it as the ninth.
// From these the recipient computes the record's leaf:
//   outcome root = root of the row at its index, with the row proof (crypto::root_of_range)
//   leaf = SHA-256(0x00 ‖ 0x01 ‖ head digest ‖ SHA-256(document) ‖ outcome root)
struct Delivery {
  Position position;              // of the acceptance record
  std::uint8_t outcome_index = 0;
  std::uint8_t outcome_count = 0;
  UnixMicros time;                // of the acceptance record
  crypto::Digest head_digest{};
  ByteView row;
  ByteView row_proof;             // a multiple of 32 bytes
  ByteView document;
  Position replay = {};           // 0: none

  DeliveryKey key() const { return {position, outcome_index, replay}; }
};

// Consecutive documents of one batch. An array:
//   [sender, key id, batch count, first index, signature, range proof, [delivery...]]
// The digests of the documents, at first index and following, give with the range proof the Merkle root that the
// signature covers.
struct DeliveryGroup {
  std::string_view sender;
  crypto::KeyId key{};
  std::uint32_t batch_count = 0;
  std::uint32_t first_index = 0;
  crypto::Signature signature{};
  ByteView range_proof;           // a multiple of 32 bytes
  std::vector<Delivery> deliveries;
};

// Hub -> endpoint: 1 sequence of the first delivery, 2 groups. The deliveries count up from the first.
struct Deliveries {
  StreamSequence first;
  std::vector<DeliveryGroup> groups;
};

// `out` gets a whole frame. The documents are copied into it, once.
void write(Buffer& out, const Deliveries& m);
Result<Deliveries> read_deliveries(ByteView payload);

}  // namespace hub::wire
