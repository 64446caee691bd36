// Who is competent for what a document is about: by level and place (thẩm quyền theo cấp và địa bàn).
//
// Threads: immutable once made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/registry/registry.hpp"

namespace hub::agreements {

// The rank of a level, the lowest first: commune, district, province, central; nothing for another text.
std::optional<std::uint8_t> rank_of_level(std::string_view level);

class Jurisdiction {
 public:
  // Of the parties that may be competent: those of the press, and those without a place, never are.
  Jurisdiction(const registry::Registry& registry, const std::vector<std::string>& parties);

  // The party whose level it is and whose place is `place` or lies around it.
  std::optional<PartyIndex> competent(std::string_view place, std::string_view level) const;
  // Whether the party stands above the competent level for that place: its level is higher, and its place is that place
  // or lies around it.
  bool is_above(PartyIndex party, std::string_view place, std::string_view level) const;
  bool holds(PartyIndex party) const { return seat_of(party) != nullptr; }

 private:
  struct Seat {
    PartyIndex party;
    std::uint8_t rank;
    std::string place;
  };
  const Seat* seat_of(PartyIndex party) const;

  std::vector<Seat> seats_;
};

}  // namespace hub::agreements
