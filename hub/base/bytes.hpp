// Bytes: owned, viewed, fixed; hexadecimal and base64 for people and files.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hub {

using ByteView = std::span<const std::uint8_t>;
using Buffer = std::vector<std::uint8_t>;
template <std::size_t N>
using Bytes = std::array<std::uint8_t, N>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
// How many bytes of `text`, valid UTF-8, are whole characters within so many bytes.
inline std::size_t utf8_prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text.size();
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0) == 0x80) --bytes_max;
  return bytes_max;
}
// How many characters `text`, valid UTF-8, has.
inline std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}
inline void append(Buffer& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }
inline bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// `bytes` as fixed-size bytes, or nothing when its size is another one.
template <std::size_t N>
std::optional<Bytes<N>> fixed(ByteView bytes) {
  if (bytes.size() != N) return std::nullopt;
  Bytes<N> out;
  std::memcpy(out.data(), bytes.data(), N);
  return out;
}

// Little-endian integers at unaligned addresses; the file and frame formats are little-endian.
template <class T>
T load_le(const std::uint8_t* from) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
template <class T>
void store_le(std::uint8_t* to, T value) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  std::memcpy(to, &value, sizeof value);
}
template <class T>
void append_le(Buffer& to, T value) {
  const std::size_t at = to.size();
  to.resize(at + sizeof value);
  store_le(to.data() + at, value);
}

std::string to_hex(ByteView bytes);                               // lower case
std::optional<Buffer> from_hex(std::string_view text);            // either case
std::string to_base64(ByteView bytes);                            // RFC 4648 section 4, padded
std::optional<Buffer> from_base64(std::string_view text);         // padded, canonical; nothing else is taken

// The stream that msgpack::packer writes to.
struct BufferStream {
  Buffer& buffer;
  void write(const char* data, std::size_t size) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(data);
    buffer.insert(buffer.end(), from, from + size);
  }
};

}  // namespace hub
