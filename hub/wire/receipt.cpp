#include "hub/wire/receipt.hpp"

namespace hub::wire {
namespace {

Receipt read_receipt(FieldReader& in) {
  Receipt r;
  if (in.array(7) != 7) in.fail_here("a receipt has 7 elements");
  r.kind = static_cast<ReceiptKind>(in.unsigned_integer());
  if (r.kind != ReceiptKind::delivered) in.fail_here("there is no such receipt");
  r.document = Position(in.unsigned_integer());
  r.id.bytes = in.fixed_binary<16>();
  const std::uint64_t index = in.unsigned_integer();
  if (index >= kRecipientsMax) in.fail_here("there is no such outcome");
  r.outcome_index = static_cast<std::uint8_t>(index);
  r.recipient = in.text(kNameBytesMax);
  r.record = Position(in.unsigned_integer());
  r.time = UnixMicros(in.integer());
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
    packer.pack_array(7);
    packer.pack_uint8(static_cast<std::uint8_t>(r.kind));
    packer.pack_uint64(r.document.value);
    pack_bytes(packer, r.id.bytes);
    packer.pack_uint8(r.outcome_index);
    pack_text(packer, r.recipient);
    packer.pack_uint64(r.record.value);
    packer.pack_int64(r.time.value);
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
