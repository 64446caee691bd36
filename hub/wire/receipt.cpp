#include "hub/wire/receipt.hpp"

namespace hub::wire {
namespace {

std::uint32_t elements_of(DeliveryStatus status) { return status == DeliveryStatus::delivered ? 7 : 8; }

Receipt read_receipt(FieldReader& in) {
  Receipt r;
  const std::uint32_t elements = in.array(8);
  const auto status = status_of(in.unsigned_integer());
  if (!status || !makes_receipt(*status)) in.fail_here("there is no such receipt");
  r.status = status.value_or(DeliveryStatus::delivered);
  if (elements != elements_of(r.status)) in.fail_here("a receipt of delivery has 7 elements, another one 8");
  r.document = Position(in.unsigned_integer());
  r.id.bytes = in.fixed_binary<16>();
  const std::uint64_t index = in.unsigned_integer();
  if (index >= kRecipientsMax) in.fail_here("there is no such outcome");
  r.outcome_index = static_cast<std::uint8_t>(index);
  r.recipient = in.text(kNameBytesMax);
  r.record = Position(in.unsigned_integer());
  r.time = UnixMicros(in.integer());
  if (elements == 8) r.reason = in.text(kReasonBytesMax);
  return r;
}

}  // namespace

void write(Buffer& out, const Receipts& m) {
  start_frame(out, Kind::receipts);
  BufferStream stream{out};
  Packer packer(stream);
  packer.pack_map(2);
  packer.pack_uint8(1);
  packer.pack_uint64(m.first.value);
  packer.pack_uint8(2);
  packer.pack_array(static_cast<std::uint32_t>(m.receipts.size()));
  for (const Receipt& r : m.receipts) {
    packer.pack_array(elements_of(r.status));
    packer.pack_uint8(static_cast<std::uint8_t>(r.status));
    packer.pack_uint64(r.document.value);
    pack_bytes(packer, r.id.bytes);
    packer.pack_uint8(r.outcome_index);
    pack_text(packer, r.recipient);
    packer.pack_uint64(r.record.value);
    packer.pack_int64(r.time.value);
    if (elements_of(r.status) == 8) pack_text(packer, r.reason);
  }
}

Result<Receipts> read_receipts(ByteView payload) {
  Receipts out;
  FieldReader in(payload);
  while (const auto field = in.next()) {
    if (*field == 1) {
      out.first = StreamSequence(in.unsigned_integer());
    } else if (*field == 2) {
      const std::uint32_t count = in.array(kReceiptsFrameItems);
      out.receipts.reserve(count);
      for (std::uint32_t i = 0; i < count && !in.failed(); ++i) out.receipts.push_back(read_receipt(in));
    } else {
      in.unknown();
    }
  }
  if (auto done = in.finish(0b110); !done) return tl::unexpected(done.error());
  return out;
}

}  // namespace hub::wire
