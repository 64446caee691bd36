// A receipt: what the hub recorded, and all that shows it to somebody who trusts neither the hub nor whoever hands the
// receipt over. The file is a tlog-proof (hub/crypto/tlog_proof.hpp) whose extra bytes hold the following, as a
// MessagePack map with ascending integer keys:
//
//   1  version, 1
//   2  the record at the proof's index: [kind, time, nonce, metadata, body digest, outcome root]
//   3  records that it rests on, under the same checkpoint: [[position, record, proof (digests joined)]...]
//        of an event of a delivery: the document's acceptance, and of a replay's the order; of a decision: the
//        registrations of the agreement versions that its outcomes name
//   4  of an event of a delivery, which one: [position, outcome index, replay]
//   5  the signature of the document's batch: [sender, key id, count, index, signature, path (digests joined)]
//   6  the certificate of that key, as the party's root key signed it
//   7  the sender's root key
//
// None of these bytes is trusted for being here: each is checked against what stands above it (verify.hpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/crypto/keys.hpp"
#include "hub/journal/record_format.hpp"
#include "hub/wire/delivery_id.hpp"

namespace hub::evidence {

constexpr std::uint64_t kReceiptVersion = 1;
constexpr std::size_t kProvedRecordsMax = 257;  // that a record rests on: acceptance, order, an agreement a recipient

// What a leaf is made of.
struct LeafRecord {
  std::uint8_t kind = 0;
  UnixMicros time;
  Bytes<16> nonce{};
  Buffer metadata;
  crypto::Digest body_digest{}, outcome_root{};

  crypto::Digest leaf() const;
  friend bool operator==(const LeafRecord&, const LeafRecord&) = default;
};
LeafRecord leaf_record(const journal::RecordView& view);

struct ProvedRecord {
  Position position;
  LeafRecord record;
  std::vector<crypto::Digest> proof;  // of inclusion
  friend bool operator==(const ProvedRecord&, const ProvedRecord&) = default;
};

struct BatchSignature {
  std::string sender;
  crypto::KeyId key{};
  std::uint32_t count = 0, index = 0;
  crypto::Signature signature{};
  std::vector<crypto::Digest> path;  // crypto::range_proof of the document
  friend bool operator==(const BatchSignature&, const BatchSignature&) = default;
};

struct Receipt {
  LeafRecord record;
  std::vector<ProvedRecord> rests_on;
  std::optional<wire::DeliveryKey> delivery;
  std::optional<BatchSignature> batch;
  std::string certificate;
  std::optional<crypto::PublicKey> root_key;
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

Buffer encode(const Receipt& receipt);
// receipt_invalid (step, reason): another version, something missing, malformed, or over its limit.
Result<Receipt> decode_receipt(ByteView extra);

}  // namespace hub::evidence
