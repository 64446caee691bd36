#include "hub/journal/file_names.hpp"

#include <cstdio>

namespace hub::journal {
namespace {

constexpr std::size_t kDigits = 20;

}  // namespace

std::string FileNames::of(Position position) const {
  char digits[kDigits + 1];
  std::snprintf(digits, sizeof digits, "%020llu", static_cast<unsigned long long>(position.value));
  return std::string(prefix).append(digits).append(suffix);
}

std::optional<Position> FileNames::position_in(const std::string& name) const {
  if (name.size() != prefix.size() + kDigits + suffix.size() || !name.starts_with(prefix) || !name.ends_with(suffix))
    return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : std::string_view(name).substr(prefix.size(), kDigits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (of(Position(value)) != name) return std::nullopt;  // 20 digits hold more than 64 bits
  return Position(value);
}

}  // namespace hub::journal
