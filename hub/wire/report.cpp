#include "hub/wire/report.hpp"

namespace hub::wire {

void write(Buffer& out, const Report& m) {
  const bool failed = m.status == DeliveryStatus::failed;
  start_frame(out, Kind::report);
  BufferStream stream{out};
  Packer packer(stream);
  packer.pack_map(5u + (m.reason.empty() ? 0 : 1) + (m.delivery.replay.value != 0 ? 1 : 0) + (failed ? 2 : 0));
  packer.pack_uint8(1).pack_uint64(m.request);
  packer.pack_uint8(2).pack_uint64(m.delivery.document.value);
  packer.pack_uint8(3).pack_uint8(m.delivery.outcome_index);
  packer.pack_uint8(4).pack_uint8(static_cast<std::uint8_t>(m.status));
  if (!m.reason.empty()) pack_text(packer.pack_uint8(5), m.reason);
  packer.pack_uint8(6).pack_int64(m.time.value);
  if (m.delivery.replay.value != 0) packer.pack_uint8(7).pack_uint64(m.delivery.replay.value);
  if (!failed) return;
  pack_text(packer.pack_uint8(8), m.cause);
  packer.pack_uint8(9);
  m.permanent ? packer.pack_true() : packer.pack_false();
}

Result<Report> read_report(ByteView payload) {
  constexpr std::uint64_t kRequired = 0b1011110, kOfFailure = std::uint64_t{0b11} << 8;
  Report m;
  FieldReader in(payload);
  while (const auto field = in.next()) {
    switch (*field) {
      case 1:
        m.request = in.unsigned_integer();
        break;
      case 2:
        m.delivery.document = Position(in.unsigned_integer());
        break;
      case 3: {
        const std::uint64_t index = in.unsigned_integer();
        if (index >= kRecipientsMax) in.fail_here("there is no such outcome");
        m.delivery.outcome_index = static_cast<std::uint8_t>(index);
        break;
      }
      case 4: {
        const auto status = status_of(in.unsigned_integer());
        if (!status || !can_be_reported(*status)) in.fail_here("there is no such status to report");
        m.status = status.value_or(DeliveryStatus::pending);
        break;
      }
      case 5:
        m.reason = in.text(kReasonBytesMax);
        break;
      case 6:
        m.time = UnixMicros(in.integer());
        break;
      case 7:
        m.delivery.replay = Position(in.unsigned_integer());
        break;
      case 8:
        m.cause = in.text(kNameBytesMax);
        break;
      case 9:
        m.permanent = in.boolean();
        break;
      default:
        in.unknown();
    }
    const bool of_failure = *field == 8 || *field == 9;
    if (of_failure && m.status != DeliveryStatus::failed) in.fail_here("only a failure has a cause");
  }
  const bool failed = m.status == DeliveryStatus::failed;
  if (auto done = in.finish(failed ? kRequired | kOfFailure : kRequired); !done) return tl::unexpected(done.error());
  return m;
}

}  // namespace hub::wire
