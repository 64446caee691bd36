// What the line formats of this module share: lines that end in a newline, decimals and digests in one spelling only.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

#include "hub/crypto/digest.hpp"

namespace hub::crypto {

// The next line without its newline, taken from the front of `rest`; nothing, and `rest` unchanged, when no newline is
// left.
inline std::optional<std::string_view> take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

// Digits alone, without leading zeros; nothing for another spelling or a number above the limit.
inline std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t limit) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value > limit) return std::nullopt;
  return value;
}

inline std::optional<Digest> parse_digest(std::string_view base64) {
  if (base64.size() != 44) return std::nullopt;  // 32 bytes
  const auto bytes = from_base64(base64);
  return bytes ? fixed<32>(*bytes) : std::nullopt;
}

}  // namespace hub::crypto
