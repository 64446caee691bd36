// The parties of a run, their keys, and the one agreement between them: everybody may send notes to everybody, and
// nobody may send gossip.
#pragma once

#include <string>
#include <vector>

#include "hub/crypto/keys.hpp"
#include "hub/registry/item.hpp"

namespace hub::simulation {

constexpr const char* kPermittedType = "note/1";
constexpr const char* kForbiddenType = "gossip/1";

struct SimParty {
  std::string id, endpoint;
  Bytes<32> transport_key{};
  crypto::SigningKey root, signing;
};

struct Scenery {
  std::vector<SimParty> parties;
  std::vector<registry::Item> items;
};

Scenery make_scenery(std::uint32_t parties, std::uint64_t seed);

}  // namespace hub::simulation
