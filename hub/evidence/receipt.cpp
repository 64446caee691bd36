#include "hub/evidence/receipt.hpp"

#include <algorithm>

#include "hub/crypto/tree_proof.hpp"
#include "hub/wire/frame.hpp"

namespace hub::evidence {
namespace {

using wire::Packer;

void pack_record(Packer& packer, const LeafRecord& record) {
  packer.pack_array(6);
  packer.pack_uint8(record.kind);
  packer.pack_int64(record.time.value);
  wire::pack_bytes(packer, record.nonce);
  wire::pack_bytes(packer, record.metadata);
  wire::pack_bytes(packer, record.body_digest);
  wire::pack_bytes(packer, record.outcome_root);
}

void pack_digests(Packer& packer, const std::vector<crypto::Digest>& digests) {
  wire::pack_bytes(packer, {reinterpret_cast<const std::uint8_t*>(digests.data()), digests.size() * 32});
}

// Reads the arrays inside the fields.
class ReceiptReader : public wire::FieldReader {
 public:
  using FieldReader::FieldReader;

  void elements(std::size_t count) {
    if (array(count) != count && !failed()) fail_here("has another number of elements");
  }
  LeafRecord record() {
    LeafRecord out;
    elements(6);
    const std::uint64_t kind = unsigned_integer();
    if (kind > UINT8_MAX) fail_here("there is no such kind");
    out.kind = static_cast<std::uint8_t>(kind);
    out.time = UnixMicros(integer());
    out.nonce = fixed_binary<16>();
    const ByteView metadata = binary(wire::kFrameBytesMax);
    out.metadata.assign(metadata.begin(), metadata.end());
    out.body_digest = fixed_binary<32>();
    out.outcome_root = fixed_binary<32>();
    return out;
  }
  std::vector<crypto::Digest> digests() {
    const ByteView bytes = binary(crypto::kProofHashesMax * 32);
    if (bytes.size() % 32 != 0) fail_here("digests of 32 bytes were expected");
    std::vector<crypto::Digest> out(bytes.size() / 32);
    if (!out.empty()) std::memcpy(out.data(), bytes.data(), out.size() * 32);
    return out;
  }
  ProvedRecord proved() {
    elements(3);
    ProvedRecord out;
    out.position = Position(unsigned_integer());
    out.record = record();
    out.proof = digests();
    return out;
  }
  wire::DeliveryKey delivery() {
    elements(3);
    wire::DeliveryKey out;
    out.document = Position(unsigned_integer());
    const std::uint64_t index = unsigned_integer();
    if (index >= wire::kRecipientsMax) fail_here("there is no such outcome");
    out.outcome_index = static_cast<std::uint8_t>(index);
    out.replay = Position(unsigned_integer());
    return out;
  }
  BatchSignature batch() {
    elements(6);
    BatchSignature out;
    out.sender = text(wire::kNameBytesMax);
    out.key = fixed_binary<16>();
    const std::uint64_t count = unsigned_integer(), index = unsigned_integer();
    if (count > wire::kBatchDocumentsMax || index >= count) fail_here("there is no such document in the batch");
    out.count = static_cast<std::uint32_t>(count);
    out.index = static_cast<std::uint32_t>(index);
    out.signature = fixed_binary<64>();
    out.path = digests();
    return out;
  }
};

bool read_field(Receipt& r, std::uint64_t field, ReceiptReader& in) {
  switch (field) {
    case 1:
      if (in.unsigned_integer() != kReceiptVersion) in.fail_here("is of another version");
      return true;
    case 2: r.record = in.record(); return true;
    case 3: {
      const std::uint32_t count = in.array(kProvedRecordsMax);
      for (std::uint32_t i = 0; i < count && !in.failed(); ++i) r.rests_on.push_back(in.proved());
      return true;
    }
    case 4: r.delivery = in.delivery(); return true;
    case 5: r.batch = in.batch(); return true;
    case 6: r.certificate = in.text(wire::kCredentialBytesMax); return true;
    case 7: r.root_key = in.fixed_binary<32>(); return true;
    default: return false;
  }
}

}  // namespace

crypto::Digest LeafRecord::leaf() const {
  return journal::leaf_of(journal::head_digest(nonce, kind, time, metadata), body_digest, outcome_root);
}

LeafRecord leaf_record(const journal::RecordView& view) {
  return {view.kind,        view.time,        view.nonce, Buffer(view.metadata.begin(), view.metadata.end()),
          view.body_digest, view.outcome_root};
}

Buffer encode(const Receipt& receipt) {
  Buffer out;
  BufferStream stream{out};
  Packer packer(stream);
  const bool present[] = {!receipt.rests_on.empty(), receipt.delivery.has_value(), receipt.batch.has_value(),
                          !receipt.certificate.empty(), receipt.root_key.has_value()};
  packer.pack_map(static_cast<std::uint32_t>(2 + std::count(std::begin(present), std::end(present), true)));
  packer.pack_uint8(1);
  packer.pack_uint64(kReceiptVersion);
  packer.pack_uint8(2);
  pack_record(packer, receipt.record);
  if (!receipt.rests_on.empty()) {
    packer.pack_uint8(3);
    packer.pack_array(static_cast<std::uint32_t>(receipt.rests_on.size()));
    for (const ProvedRecord& proved : receipt.rests_on) {
      packer.pack_array(3);
      packer.pack_uint64(proved.position.value);
      pack_record(packer, proved.record);
      pack_digests(packer, proved.proof);
    }
  }
  if (receipt.delivery) {
    packer.pack_uint8(4);
    packer.pack_array(3);
    packer.pack_uint64(receipt.delivery->document.value);
    packer.pack_uint8(receipt.delivery->outcome_index);
    packer.pack_uint64(receipt.delivery->replay.value);
  }
  if (receipt.batch) {
    packer.pack_uint8(5);
    packer.pack_array(6);
    wire::pack_text(packer, receipt.batch->sender);
    wire::pack_bytes(packer, receipt.batch->key);
    packer.pack_uint32(receipt.batch->count);
    packer.pack_uint32(receipt.batch->index);
    wire::pack_bytes(packer, receipt.batch->signature);
    pack_digests(packer, receipt.batch->path);
  }
  if (!receipt.certificate.empty()) {
    packer.pack_uint8(6);
    wire::pack_text(packer, receipt.certificate);
  }
  if (receipt.root_key) {
    packer.pack_uint8(7);
    wire::pack_bytes(packer, *receipt.root_key);
  }
  return out;
}

Result<Receipt> decode_receipt(ByteView extra) {
  Receipt out;
  ReceiptReader in(extra);
  while (const auto field = in.next())
    if (!read_field(out, *field, in)) in.unknown();
  if (auto done = in.finish(0b110); !done)
    return fail(ErrorCode::receipt_invalid, {{"step", "extra"}, {"reason", describe(done.error(), Language::english)}});
  return out;
}

}  // namespace hub::evidence
