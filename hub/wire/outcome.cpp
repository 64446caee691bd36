#include "hub/wire/outcome.hpp"

namespace hub::wire {

void write_row(Buffer& out, const OutcomeRow& row) {
  BufferStream stream{out};
  Packer packer(stream);
  packer.pack_array(6);
  pack_text(packer, row.addressed);
  pack_text(packer, row.actual);
  pack_text(packer, row.outcome);
  pack_text(packer, row.agreement);
  packer.pack_uint32(row.agreement_version);
  pack_text(packer, row.clause);
}

Result<OutcomeRow> read_row(ByteView bytes) {
  MsgpackReader in(bytes);
  const auto count = in.read_array();
  const auto addressed = in.read_string(), actual = in.read_string(), outcome = in.read_string(),
             agreement = in.read_string();
  const auto version = in.read_uint();
  const auto clause = in.read_string();
  if (bytes.size() > kRowBytesMax || count != 6u || !addressed || !actual || !outcome || !agreement || !version ||
      *version > UINT32_MAX || !clause || !in.at_end())
    return fail(ErrorCode::frame_malformed,
                {{"offset", std::to_string(in.offset())}, {"reason", "an outcome row was expected"}});
  return OutcomeRow{*addressed, *actual, *outcome, *agreement, static_cast<std::uint32_t>(*version), *clause};
}

}  // namespace hub::wire
