#include "hub/base/uuid.hpp"

#include "hub/base/check.hpp"

namespace hub {
namespace {

constexpr bool is_hyphen_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::string to_text(const Uuid& uuid) {
  const std::string hex = to_hex(uuid.bytes);
  std::string out;
  out.reserve(36);
  for (const char c : hex) {
    if (is_hyphen_place(out.size())) out.push_back('-');
    out.push_back(c);
  }
  return out;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid out;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_hyphen_place(i)) {
      if (c != '-') return std::nullopt;
      continue;
    }
    int value;
    if (c >= '0' && c <= '9') {
      value = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      value = c - 'a' + 10;
    } else {
      return std::nullopt;
    }
    auto& byte = out.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>(nibble % 2 == 0 ? value << 4 : byte | value);
    ++nibble;
  }
  return out;
}

Uuid uuid_from_digest(ByteView digest) {
  HUB_CHECK(digest.size() >= 16);
  Uuid out;
  std::memcpy(out.bytes.data(), digest.data(), 16);
  out.bytes[6] = static_cast<std::uint8_t>((out.bytes[6] & 0x0f) | 0x80);
  out.bytes[8] = static_cast<std::uint8_t>((out.bytes[8] & 0x3f) | 0x80);
  return out;
}

}  // namespace hub
