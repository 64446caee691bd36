// A document's id: a UUID (RFC 9562), 16 bytes in memory and in records, lower-case text in documents.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "hub/base/bytes.hpp"

namespace hub {

struct Uuid {
  Bytes<16> bytes{};
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

std::string to_text(const Uuid& uuid);
// Lower-case 8-4-4-4-12 only: one id has one spelling.
std::optional<Uuid> parse_uuid(std::string_view text);
// A version 8 UUID whose other bits come from `digest` (at least 16 bytes): for ids that must be derivable.
Uuid uuid_from_digest(ByteView digest);

}  // namespace hub
