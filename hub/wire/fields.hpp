// What the writers and readers of messages are made of: a frame's fields, packed one by one and visited one by one.
#pragma once

#include <initializer_list>

#include "hub/wire/frame.hpp"

namespace hub::wire {

// Sets of field numbers, for FieldReader::finish.
constexpr std::uint64_t bits(std::initializer_list<int> fields) {
  std::uint64_t out = 0;
  for (const int f : fields) out |= std::uint64_t{1} << f;
  return out;
}
constexpr std::uint64_t bits_up_to(int last) { return ((std::uint64_t{1} << (last + 1)) - 1) & ~std::uint64_t{1}; }

// Packs the fields of one frame; the number of fields is known first, as a MessagePack map wants it.
class Fields {
 public:
  Fields(Buffer& out, Kind kind, std::uint32_t count) : stream_{out}, packer_(stream_) {
    start_frame(out, kind);
    packer_.pack_map(count);
  }
  Packer& field(std::uint8_t number) {
    packer_.pack_uint8(number);
    return packer_;
  }
  void number(std::uint8_t field_number, std::uint64_t value) { field(field_number).pack_uint64(value); }
  void text(std::uint8_t field_number, std::string_view value) { pack_text(field(field_number), value); }
  void bytes(std::uint8_t field_number, ByteView value) { pack_bytes(field(field_number), value); }
  void error(std::uint8_t code, std::uint8_t facts, const Error& e) {
    text(code, code_text(e.code));
    pack_facts(field(facts), e.facts);
  }

 private:
  BufferStream stream_;
  Packer packer_;
};

// A code of a newer peer is not in this catalogue: its session ends all the same.
inline std::optional<ErrorCode> read_code(FieldReader& in) {
  const auto code = error_code(in.text(kNameBytesMax));
  if (!code) in.fail_here("an error code of the catalogue was expected");
  return code;
}

template <class M, class Visit>
Result<M> read_fields(ByteView payload, std::uint64_t required, Visit visit) {
  M message;
  FieldReader in(payload);
  while (const auto field = in.next()) {
    if (!visit(message, *field, in)) in.unknown();
  }
  if (auto done = in.finish(required); !done) return tl::unexpected(done.error());
  return message;
}

}  // namespace hub::wire
