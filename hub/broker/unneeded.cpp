#include "hub/broker/unneeded.hpp"

#include <algorithm>

#include "hub/base/msgpack_reader.hpp"

namespace hub::broker {
namespace {

template <class Visit>
void for_each_member(ByteView data, const Visit& visit) {
  MsgpackReader in(data);
  const std::uint32_t count = in.read_map().value_or(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto name = in.read_string();
    if (!name || !in.skip()) return;
    visit(*name);
  }
}

}  // namespace

void name_unneeded(ByteView data, DocumentDecided& out) {
  if (std::none_of(out.outcomes.begin(), out.outcomes.end(), [](const Outcome& o) { return o.needs != nullptr; })) return;
  for_each_member(data, [&](std::string_view name) {
    Unneeded member{name, {}};
    for (std::size_t i = 0; i < out.outcomes.size(); ++i) {
      const std::vector<std::string>* needs = out.outcomes[i].needs;
      if (needs != nullptr && std::find(needs->begin(), needs->end(), name) == needs->end())
        member.outcomes.push_back(static_cast<std::uint8_t>(i));
    }
    if (!member.outcomes.empty()) out.unneeded.push_back(std::move(member));
  });
}

std::size_t bound_unneeded(ByteView data, std::size_t recipients) {
  constexpr std::size_t kHeaderBytesMax = 8;  // of the field, and of each member's pair
  constexpr std::size_t kOutcomeBytesMax = 2;
  std::size_t bytes = kHeaderBytesMax;
  for_each_member(data, [&](std::string_view name) {
    bytes += kHeaderBytesMax + name.size() + recipients * kOutcomeBytesMax;
  });
  return bytes;
}

}  // namespace hub::broker
