// A frame is one ZeroMQ message part:
//
//   0  u8  kind
//   1  u8  protocol version (HELLO, WELCOME and GOODBYE: always 1; others: as agreed)
//   2      one MessagePack map: keys are unsigned integers in ascending order, nothing after it
//
// A field that is not known is ignored from 128 on, and refused below (field-unknown).
#pragma once

#include <msgpack/pack.hpp>
#include <optional>

#include "hub/base/bytes.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/base/msgpack_reader.hpp"
#include "hub/base/result.hpp"
#include "hub/wire/limits.hpp"

namespace hub::wire {

enum class Kind : std::uint8_t {
  // from an endpoint
  hello = 1,
  submit = 2,
  acknowledge = 3,
  credential = 4,
  heartbeat = 5,  // both ways
  goodbye = 6,    // both ways
  report = 7,
  // 32..47: on the bulk connection alone
  put = 32,
  chunk = 33,
  get = 34,
  more = 35,
  // from the hub
  welcome = 65,
  results = 66,
  deliveries = 67,
  receipts = 68,
  credentials = 69,
  answer = 70,
  error = 71,
  checkpoint = 72,
  // 96..111: on the bulk connection alone
  put_from = 96,
  chunk_stored = 97,
  content_stored = 98,
  content_chunk = 99,
  content_refused = 100,
};

struct Frame {
  Kind kind{};
  std::uint8_t version = 0;
  ByteView payload;
};

// Of the main connection. frame_too_large, frame_malformed, message_kind_unknown, version_unsupported, bulk_reserved.
Result<Frame> read_frame(ByteView bytes);
// Of the bulk connection: HELLO, WELCOME, HEARTBEAT, GOODBYE, ERROR and its own kinds. The same errors.
Result<Frame> read_bulk_frame(ByteView bytes);

// Starts a frame in `out`, which is emptied.
void start_frame(Buffer& out, Kind kind);

using Packer = msgpack::packer<BufferStream>;

inline void pack_text(Packer& packer, std::string_view text) {
  packer.pack_str(static_cast<std::uint32_t>(text.size()));
  packer.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
}
inline void pack_bytes(Packer& packer, ByteView bytes) {
  packer.pack_bin(static_cast<std::uint32_t>(bytes.size()));
  packer.pack_bin_body(reinterpret_cast<const char*>(bytes.data()), static_cast<std::uint32_t>(bytes.size()));
}

// Walks a payload's fields. Each getter reads the value of the field that next() stands on; the first failure sticks.
class FieldReader {
 public:
  explicit FieldReader(ByteView payload);

  // The next field's number, or nothing at the end or after a failure.
  std::optional<std::uint64_t> next();
  // Call for a field that this version does not know: ignored from 128 on, a failure below.
  void unknown();
  // Passes over the value.
  void skip();

  std::uint64_t unsigned_integer();
  std::int64_t integer();
  std::string_view text(std::size_t bytes_max);
  ByteView binary(std::size_t bytes_max);
  template <std::size_t N>
  Bytes<N> fixed_binary() {
    const auto bytes = fixed<N>(binary(N));
    if (!bytes) fail_here("has another size");
    return bytes.value_or(Bytes<N>{});
  }
  std::vector<Fact> facts();
  std::uint32_t array(std::size_t count_max);
  bool boolean();

  void fail_here(const char* reason);
  bool failed() const { return error_.has_value(); }
  // Success only when every field was read, no byte is left, and every field of `required` (bit = number) was there.
  Result<void> finish(std::uint64_t required);

 private:
  MsgpackReader reader_;
  std::optional<Error> error_;
  std::uint32_t remaining_ = 0;
  std::optional<std::uint64_t> field_;
  std::uint64_t seen_ = 0;
};

// frame_malformed of a frame that can be read, and says what can't be said there or not now.
Error malformed_frame(std::string reason);

void pack_facts(Packer& packer, const std::vector<Fact>& facts);

}  // namespace hub::wire
