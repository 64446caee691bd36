#include "hub/base/msgpack_reader.hpp"

#include <bit>

namespace hub {
namespace {

// The sizes of a length field, by the last bits of its type byte: 8, 16, 32 bits.
constexpr std::size_t width_of(std::uint8_t type, std::uint8_t first) { return std::size_t{1} << (type - first); }

bool is_continuation(std::uint8_t byte) { return (byte & 0xc0) == 0x80; }

}  // namespace

bool is_utf8(std::string_view text) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto* end = p + text.size();
  while (p < end) {
    if (end - p >= 8) {  // eight ASCII characters at a time
      std::uint64_t block;
      std::memcpy(&block, p, 8);
      if ((block & 0x8080808080808080u) == 0) {
        p += 8;
        continue;
      }
    }
    const std::uint8_t c = *p;
    if (c < 0x80) {
      ++p;
    } else if (c >= 0xc2 && c <= 0xdf) {
      if (end - p < 2 || !is_continuation(p[1])) return false;
      p += 2;
    } else if (c >= 0xe0 && c <= 0xef) {
      if (end - p < 3 || !is_continuation(p[1]) || !is_continuation(p[2])) return false;
      if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f)) return false;
      p += 3;
    } else if (c >= 0xf0 && c <= 0xf4) {
      if (end - p < 4 || !is_continuation(p[1]) || !is_continuation(p[2]) || !is_continuation(p[3])) return false;
      if ((c == 0xf0 && p[1] < 0x90) || (c == 0xf4 && p[1] > 0x8f)) return false;
      p += 4;
    } else {
      return false;
    }
  }
  return true;
}

MsgpackReader::Kind MsgpackReader::peek() const {
  if (at_ == end_) return Kind::end;
  const std::uint8_t t = *at_;
  if (t <= 0x7f || t >= 0xe0) return Kind::integer;
  if (t <= 0x8f) return Kind::map;
  if (t <= 0x9f) return Kind::array;
  if (t <= 0xbf) return Kind::string;
  switch (t) {
    case 0xc0: return Kind::nil;
    case 0xc1: return Kind::malformed;
    case 0xc2: case 0xc3: return Kind::boolean;
    case 0xc4: case 0xc5: case 0xc6: return Kind::binary;
    case 0xca: case 0xcb: return Kind::floating;
    case 0xcc: case 0xcd: case 0xce: case 0xcf: case 0xd0: case 0xd1: case 0xd2: case 0xd3: return Kind::integer;
    case 0xd9: case 0xda: case 0xdb: return Kind::string;
    case 0xdc: case 0xdd: return Kind::array;
    case 0xde: case 0xdf: return Kind::map;
    default: return Kind::extension;
  }
}

std::optional<std::uint64_t> MsgpackReader::big_endian(std::size_t offset, std::size_t width) const {
  if (remaining() < offset + width) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | at_[offset + i];
  return value;
}

std::optional<ByteView> MsgpackReader::take(std::size_t header, std::uint64_t size) {
  if (remaining() < header || remaining() - header < size) return std::nullopt;
  const ByteView out(at_ + header, static_cast<std::size_t>(size));
  at_ += header + size;
  return out;
}

bool MsgpackReader::read_nil() {
  if (peek() != Kind::nil) return false;
  ++at_;
  return true;
}

std::optional<bool> MsgpackReader::read_bool() {
  if (peek() != Kind::boolean) return std::nullopt;
  return *at_++ == 0xc3;
}

std::optional<std::uint64_t> MsgpackReader::read_uint() {
  if (peek() != Kind::integer) return std::nullopt;
  const std::uint8_t t = *at_;
  if (t <= 0x7f) {
    ++at_;
    return t;
  }
  if (t >= 0xcc && t <= 0xcf) {
    const std::size_t width = width_of(t, 0xcc);
    const auto value = big_endian(1, width);
    if (value) at_ += 1 + width;
    return value;
  }
  const auto* start = at_;
  const auto value = read_int();
  if (value && *value >= 0) return static_cast<std::uint64_t>(*value);
  at_ = start;
  return std::nullopt;
}

std::optional<std::int64_t> MsgpackReader::read_int() {
  if (peek() != Kind::integer) return std::nullopt;
  const std::uint8_t t = *at_;
  if (t <= 0x7f || t >= 0xe0) {
    ++at_;
    return static_cast<std::int8_t>(t);
  }
  const bool is_signed = t >= 0xd0;
  const std::size_t width = width_of(t, is_signed ? 0xd0 : 0xcc);
  const auto raw = big_endian(1, width);
  if (!raw) return std::nullopt;
  std::int64_t value;
  if (is_signed) {
    const int shift = static_cast<int>(64 - 8 * width);
    value = static_cast<std::int64_t>(*raw << shift) >> shift;
  } else {
    if (*raw > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    value = static_cast<std::int64_t>(*raw);
  }
  at_ += 1 + width;
  return value;
}

std::optional<double> MsgpackReader::read_float() {
  if (peek() != Kind::floating) return std::nullopt;
  const std::size_t width = *at_ == 0xca ? 4 : 8;
  const auto raw = big_endian(1, width);
  if (!raw) return std::nullopt;
  at_ += 1 + width;
  if (width == 4) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(*raw)));
  return std::bit_cast<double>(*raw);
}

std::optional<std::string_view> MsgpackReader::read_string() {
  if (peek() != Kind::string) return std::nullopt;
  const std::uint8_t t = *at_;
  const auto* start = at_;
  std::optional<ByteView> bytes;
  if (t <= 0xbf) {
    bytes = take(1, t & 0x1fu);
  } else {
    const std::size_t width = width_of(t, 0xd9);
    const auto size = big_endian(1, width);
    if (size) bytes = take(1 + width, *size);
  }
  if (!bytes) return std::nullopt;
  if (!is_utf8(as_text(*bytes))) {
    at_ = start;
    return std::nullopt;
  }
  return as_text(*bytes);
}

std::optional<ByteView> MsgpackReader::read_binary() {
  if (peek() != Kind::binary) return std::nullopt;
  const std::size_t width = width_of(*at_, 0xc4);
  const auto size = big_endian(1, width);
  if (!size) return std::nullopt;
  return take(1 + width, *size);
}

std::optional<std::uint32_t> MsgpackReader::read_array() {
  if (peek() != Kind::array) return std::nullopt;
  const std::uint8_t t = *at_;
  const std::size_t width = t <= 0x9f ? 0 : (t == 0xdc ? 2 : 4);
  const auto count = width == 0 ? std::optional<std::uint64_t>(t & 0x0fu) : big_endian(1, width);
  if (!count || *count > remaining() - 1 - width) return std::nullopt;
  at_ += 1 + width;
  return static_cast<std::uint32_t>(*count);
}

std::optional<std::uint32_t> MsgpackReader::read_map() {
  if (peek() != Kind::map) return std::nullopt;
  const std::uint8_t t = *at_;
  const std::size_t width = t <= 0x8f ? 0 : (t == 0xde ? 2 : 4);
  const auto count = width == 0 ? std::optional<std::uint64_t>(t & 0x0fu) : big_endian(1, width);
  if (!count || *count * 2 > remaining() - 1 - width) return std::nullopt;
  at_ += 1 + width;
  return static_cast<std::uint32_t>(*count);
}

bool MsgpackReader::skip() { return skip(0); }

bool MsgpackReader::skip_many(std::uint64_t count, int depth) {
  for (std::uint64_t i = 0; i < count; ++i)
    if (!skip(depth)) return false;
  return true;
}

bool MsgpackReader::skip(int depth) {
  switch (peek()) {
    case Kind::nil: return read_nil();
    case Kind::boolean: return read_bool().has_value();
    case Kind::integer: {
      const std::uint8_t t = *at_;
      const std::size_t width = t <= 0x7f || t >= 0xe0 ? 0 : width_of(t, t >= 0xd0 ? 0xd0 : 0xcc);
      return take(1 + width, 0).has_value();
    }
    case Kind::floating: return take(*at_ == 0xca ? 5 : 9, 0).has_value();
    case Kind::string: return read_string().has_value();
    case Kind::binary: return read_binary().has_value();
    case Kind::array: {
      if (depth + 1 > kDepthMax) return false;
      const auto count = read_array();
      return count && skip_many(*count, depth + 1);
    }
    case Kind::map: {
      if (depth + 1 > kDepthMax) return false;
      const auto count = read_map();
      return count && skip_many(std::uint64_t{*count} * 2, depth + 1);
    }
    case Kind::extension: {
      const std::uint8_t t = *at_;
      if (t >= 0xd4) return take(2 + (std::size_t{1} << (t - 0xd4)), 0).has_value();
      const std::size_t width = width_of(t, 0xc7);
      const auto size = big_endian(1, width);
      return size && take(2 + width, *size).has_value();
    }
    case Kind::end:
    case Kind::malformed: return false;
  }
  return false;
}

std::optional<ByteView> MsgpackReader::read_raw() {
  const auto* start = at_;
  if (!skip()) {
    at_ = start;
    return std::nullopt;
  }
  return ByteView(start, static_cast<std::size_t>(at_ - start));
}

}  // namespace hub
