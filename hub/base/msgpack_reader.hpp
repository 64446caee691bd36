// Reads MessagePack in place, one value at a time, without allocation: the only decoder that sees bytes from
// outside. A library's object tree would allocate per message and its defaults admit 2^32 elements; strictness
// (bounds, depth, trailing bytes, duplicate keys, UTF-8) is ours either way. Writing uses msgpack::packer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "hub/base/bytes.hpp"

namespace hub {

class MsgpackReader {
 public:
  enum class Kind { nil, boolean, integer, floating, string, binary, array, map, extension, end, malformed };

  static constexpr int kDepthMax = 32;

  explicit MsgpackReader(ByteView bytes) : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // What comes next; `end` at the end of the bytes, `malformed` on a byte that starts nothing (0xc1).
  Kind peek() const;
  bool at_end() const { return at_ == end_; }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }

  // Each reads one value, or returns nothing and stays where it is when another kind comes or bytes are missing.
  bool read_nil();
  std::optional<bool> read_bool();
  std::optional<std::uint64_t> read_uint();     // an integer >= 0, in any encoding
  std::optional<std::int64_t> read_int();       // an integer that int64 holds
  std::optional<double> read_float();           // float 32 or 64
  std::optional<std::string_view> read_string();  // valid UTF-8 only
  std::optional<ByteView> read_binary();
  // The number of elements that follow; nothing when more are announced than bytes remain.
  std::optional<std::uint32_t> read_array();
  std::optional<std::uint32_t> read_map();      // number of key-value pairs

  // Passes over one value with all it holds; false when it is malformed, cut, or deeper than kDepthMax.
  bool skip();
  // The bytes of one value, passed over.
  std::optional<ByteView> read_raw();

 private:
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  bool skip(int depth);
  bool skip_many(std::uint64_t count, int depth);
  std::optional<ByteView> take(std::size_t header, std::uint64_t size);
  std::optional<std::uint64_t> big_endian(std::size_t offset, std::size_t width) const;

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

// RFC 3629: no surrogates, no overlong forms.
bool is_utf8(std::string_view text);

}  // namespace hub
