// Strong types for numbers that must not be mixed: an index of a party is no position in the journal.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace hub {

template <class Tag, class Rep>
struct Strong {
  Rep value{};

  constexpr Strong() = default;
  constexpr explicit Strong(Rep v) : value(v) {}
  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;
  constexpr Strong next() const { return Strong(static_cast<Rep>(value + 1)); }
};

using Position = Strong<struct PositionTag, std::uint64_t>;          // of a record in the journal; also its leaf's index
using StreamSequence = Strong<struct StreamSequenceTag, std::uint64_t>;  // of an item in an endpoint's stream; first is 1
using PartyIndex = Strong<struct PartyIndexTag, std::uint32_t>;      // in the registry, in order of registration
using EndpointIndex = Strong<struct EndpointIndexTag, std::uint32_t>;
using TypeIndex = Strong<struct TypeIndexTag, std::uint32_t>;
using SessionId = Strong<struct SessionIdTag, std::uint64_t>;        // of one connection of an endpoint; 0: none

}  // namespace hub

template <class Tag, class Rep>
struct std::hash<hub::Strong<Tag, Rep>> {
  std::size_t operator()(const hub::Strong<Tag, Rep>& s) const noexcept { return std::hash<Rep>{}(s.value); }
};
