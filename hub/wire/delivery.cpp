#include "hub/wire/delivery.hpp"

namespace hub::wire {
namespace {

constexpr std::size_t kGroupBytesMax = 256;     // of a group without proof and deliveries
constexpr std::size_t kDeliveryBytesMax = 128;  // of a delivery without row, proof and document
constexpr std::size_t kProofBytesMax = 32 * 64;

std::size_t size_of(const Deliveries& m) {
  std::size_t bytes = 64;
  for (const DeliveryGroup& g : m.groups) {
    bytes += kGroupBytesMax + g.range_proof.size();
    for (const Delivery& d : g.deliveries)
      bytes += kDeliveryBytesMax + d.row.size() + d.row_proof.size() + d.document.size();
  }
  return bytes;
}

void pack(Packer& packer, const Delivery& d) {
  const bool is_replay = d.replay.value != 0;
  packer.pack_array(is_replay ? 9 : 8);
  packer.pack_uint64(d.position.value);
  packer.pack_uint8(d.outcome_index);
  packer.pack_uint8(d.outcome_count);
  packer.pack_int64(d.time.value);
  pack_bytes(packer, d.head_digest);
  pack_bytes(packer, d.row);
  pack_bytes(packer, d.row_proof);
  pack_bytes(packer, d.document);
  if (is_replay) packer.pack_uint64(d.replay.value);
}

ByteView read_proof(FieldReader& in) {
  const ByteView proof = in.binary(kProofBytesMax);
  if (proof.size() % 32 != 0) in.fail_here("a proof is a multiple of 32 bytes");
  return proof;
}

std::uint8_t read_u8(FieldReader& in) {
  const std::uint64_t value = in.unsigned_integer();
  if (value > UINT8_MAX) in.fail_here("at most 255");
  return static_cast<std::uint8_t>(value);
}

std::uint32_t read_u32(FieldReader& in) {
  const std::uint64_t value = in.unsigned_integer();
  if (value > UINT32_MAX) in.fail_here("at most 2^32 - 1");
  return static_cast<std::uint32_t>(value);
}

Delivery read_delivery(FieldReader& in) {
  Delivery d;
  const std::uint32_t elements = in.array(9);
  if (elements < 8) in.fail_here("a delivery has 8 elements, a replay 9");
  d.position = Position(in.unsigned_integer());
  d.outcome_index = read_u8(in);
  d.outcome_count = read_u8(in);
  d.time = UnixMicros(in.integer());
  d.head_digest = in.fixed_binary<32>();
  d.row = in.binary(kRowBytesMax);
  d.row_proof = read_proof(in);
  d.document = in.binary(kDocumentBytesMax);
  if (elements == 9) {
    d.replay = Position(in.unsigned_integer());
    if (d.replay.value == 0) in.fail_here("a replay has a position");
  }
  return d;
}

DeliveryGroup read_group(FieldReader& in) {
  DeliveryGroup g;
  if (in.array(7) != 7) in.fail_here("a group of deliveries has 7 elements");
  g.sender = in.text(kNameBytesMax);
  g.key = in.fixed_binary<16>();
  g.batch_count = read_u32(in);
  g.first_index = read_u32(in);
  g.signature = in.fixed_binary<64>();
  g.range_proof = read_proof(in);
  const std::uint32_t count = in.array(kBatchDocumentsMax);
  g.deliveries.reserve(count);
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) g.deliveries.push_back(read_delivery(in));
  return g;
}

}  // namespace

void write(Buffer& out, const Deliveries& m) {
  start_frame(out, Kind::deliveries);
  out.reserve(size_of(m));
  BufferStream stream{out};
  Packer packer(stream);
  packer.pack_map(2);
  packer.pack_uint8(1);
  packer.pack_uint64(m.first.value);
  packer.pack_uint8(2);
  packer.pack_array(static_cast<std::uint32_t>(m.groups.size()));
  for (const DeliveryGroup& g : m.groups) {
    packer.pack_array(7);
    pack_text(packer, g.sender);
    pack_bytes(packer, g.key);
    packer.pack_uint32(g.batch_count);
    packer.pack_uint32(g.first_index);
    pack_bytes(packer, g.signature);
    pack_bytes(packer, g.range_proof);
    packer.pack_array(static_cast<std::uint32_t>(g.deliveries.size()));
    for (const Delivery& d : g.deliveries) pack(packer, d);
  }
}

Result<Deliveries> read_deliveries(ByteView payload) {
  Deliveries out;
  FieldReader in(payload);
  while (const auto field = in.next()) {
    if (*field == 1) {
      out.first = StreamSequence(in.unsigned_integer());
    } else if (*field == 2) {
      const std::uint32_t count = in.array(kFrameBytesMax);
      for (std::uint32_t i = 0; i < count && !in.failed(); ++i) out.groups.push_back(read_group(in));
    } else {
      in.unknown();
    }
  }
  if (auto done = in.finish(0b110); !done) return tl::unexpected(done.error());
  return out;
}

}  // namespace hub::wire
