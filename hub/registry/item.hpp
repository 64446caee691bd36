// A piece of configuration as it enters the journal: what it is, its id, its canonical JSON.
#pragma once

#include <cstdint>
#include <string>

namespace hub::registry {

// The numbers are in journals: never changed, never used again.
enum class ItemKind : std::uint8_t {
  type = 1,
  party = 2,
  agreement = 3,
  certificate = 4,
  revocation = 5,
  administrator = 6,
};

struct Item {
  ItemKind kind{};
  std::string id;         // "trial-result-report/1", "toa-an.huyen", "huyen/btg-238", "toa-an.huyen/<key id in hex>"
  std::string canonical;  // RFC 8785 JSON
  friend bool operator==(const Item&, const Item&) = default;
};

constexpr const char* kind_name(ItemKind kind) {
  switch (kind) {
    case ItemKind::type: return "type";
    case ItemKind::party: return "party";
    case ItemKind::agreement: return "agreement";
    case ItemKind::certificate: return "certificate";
    case ItemKind::revocation: return "revocation";
    case ItemKind::administrator: return "administrator";
  }
  return "unknown";
}

}  // namespace hub::registry
