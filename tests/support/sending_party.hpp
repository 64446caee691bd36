// A party that sends, and the hub's part of what its recipients get: documents, batches, outcome rows and proofs.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "hub/crypto/batch.hpp"
#include "hub/registry/credentials.hpp"
#include "hub/registry/document.hpp"
#include "hub/wire/delivery.hpp"

namespace hub::test {

inline Uuid numbered_id(std::uint8_t number) {
  Bytes<16> bytes{};
  bytes[15] = number;
  return uuid_from_digest(bytes);
}

inline Buffer make_document(std::string source, std::string to, std::uint8_t number,
                            std::string subject = "Kết quả xét xử",
                            std::vector<registry::AttachmentFields> attachments = {}) {
  registry::DocumentFields fields;
  fields.id = numbered_id(number);
  fields.source = std::move(source);
  fields.type = "trial-result-report/1";
  fields.subject = std::move(subject);
  fields.time = UnixMicros(1'710'205'200'000'000);
  fields.to = std::move(to);
  fields.salt = Bytes<16>{number};
  fields.attachments = std::move(attachments);
  fields.data = {0x80};
  return registry::write_document(fields);
}

// Owns the bytes that a group of deliveries views.
struct SendingParty {
  std::string id;
  crypto::SigningKey root = crypto::SigningKey::from_seed(Bytes<32>{1});
  crypto::SigningKey key = crypto::SigningKey::from_seed(Bytes<32>{2});
  UnixMicros time{1'710'205'200'000'000};

  std::string certificate(std::int64_t from = 1'600'000'000'000'000, std::int64_t until = 1'900'000'000'000'000) const {
    return registry::sign_credential(
        registry::Certificate{id, key.public_key(), UnixMicros(from), UnixMicros(until)}, root);
  }
  std::string revocation(UnixMicros at) const {
    return registry::sign_credential(registry::Revocation{id, crypto::key_id(key.public_key()), at, "lost"}, root);
  }
};

// Documents [first, first + count) of a batch of `documents`, delivered to `recipient`, the first of two outcomes.
struct MadeGroup {
  std::vector<Buffer> documents;
  Buffer row, other_row, row_proof, range_proof;
  wire::DeliveryGroup group;
};

inline MadeGroup make_group(const SendingParty& sender, const std::string& origin, const std::string& recipient,
                            std::vector<Buffer> documents, std::size_t first, std::size_t count, Position position) {
  MadeGroup out;
  out.documents = std::move(documents);
  std::vector<crypto::Digest> leaves;
  for (const Buffer& d : out.documents) leaves.push_back(crypto::batch_leaf(crypto::sha256(d)));
  const auto key = crypto::key_id(sender.key.public_key());
  const auto size = static_cast<std::uint32_t>(leaves.size());
  wire::write_row(out.row, {recipient, recipient, wire::kAccepted, "huyen/btg-238", 1, "ket-qua-xet-xu"});
  wire::write_row(out.other_row, {"vks.huyen", "vks.huyen", "no-agreement", "", 0, ""});
  append(out.row_proof, crypto::leaf_hash(out.other_row));
  for (const crypto::Digest& digest : crypto::range_proof(leaves, first, count)) append(out.range_proof, digest);
  out.group = {sender.id,
               key,
               size,
               static_cast<std::uint32_t>(first),
               sender.key.sign(crypto::batch_signed_text({origin, sender.id, key, size, crypto::merkle_root(leaves)})),
               out.range_proof,
               {}};
  for (std::size_t i = 0; i < count; ++i)
    out.group.deliveries.push_back({Position(position.value + i), 0, 2, sender.time, crypto::Digest{7}, out.row,
                                    out.row_proof, out.documents[first + i]});
  return out;
}

}  // namespace hub::test
