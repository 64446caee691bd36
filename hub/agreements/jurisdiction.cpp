#include "hub/agreements/jurisdiction.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/registry/names.hpp"

namespace hub::agreements {

std::optional<std::uint8_t> rank_of_level(std::string_view level) {
  constexpr std::string_view kLevels[] = {"commune", "district", "province", "central"};
  const auto found = std::find(std::begin(kLevels), std::end(kLevels), level);
  if (found == std::end(kLevels)) return std::nullopt;
  return static_cast<std::uint8_t>(found - std::begin(kLevels));
}

Jurisdiction::Jurisdiction(const registry::Registry& registry, const std::vector<std::string>& parties) {
  for (const std::string& id : parties) {
    const PartyIndex index = *registry.party(id);
    const registry::Party& party = registry.party_at(index);
    const auto rank = rank_of_level(party.level);
    HUB_CHECK(rank.has_value());  // a party's level is one of them
    if (party.kind != "press" && !party.place.empty()) seats_.push_back({index, *rank, party.place});
  }
}

std::optional<PartyIndex> Jurisdiction::competent(std::string_view place, std::string_view level) const {
  const auto rank = rank_of_level(level);
  const Seat* nearest = nullptr;
  for (const Seat& seat : seats_)
    if (rank == seat.rank && registry::is_in_place(place, seat.place) &&
        (nearest == nullptr || seat.place.size() > nearest->place.size()))
      nearest = &seat;
  if (nearest == nullptr) return std::nullopt;
  return nearest->party;
}

bool Jurisdiction::is_above(PartyIndex party, std::string_view place, std::string_view level) const {
  const Seat* seat = seat_of(party);
  const auto rank = rank_of_level(level);
  return seat != nullptr && rank && seat->rank > *rank && registry::is_in_place(place, seat->place);
}

const Jurisdiction::Seat* Jurisdiction::seat_of(PartyIndex party) const {
  const auto found = std::find_if(seats_.begin(), seats_.end(), [&](const Seat& seat) { return seat.party == party; });
  return found == seats_.end() ? nullptr : &*found;
}

}  // namespace hub::agreements
