// A party of agreements and its endpoints, as configuration describes them.
//
// Canonical JSON: {"endpoints":[{"accepts":[type id...],"curve_key":base64,"enabled":bool,"id":text}...],"id","kind",
// "level","name":{"en","vi"},"place","root_key":base64}. endpoints and root_key may be absent: such a party is named, and
// can't take part yet. accepts may be absent: such an endpoint takes every type. place may be absent: such a party is
// competent for no place.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hub/crypto/keys.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::registry {

using CurveKey = Bytes<32>;

struct EndpointDescription {
  std::string id;
  CurveKey curve_key{};
  bool enabled = true;
  std::vector<std::string> accepts = {};  // the type versions that it takes; none listed: all
};

struct PartyDescription {
  std::string id, name_vi, name_en;
  std::string level;  // commune, district, province, central
  std::string kind;   // agency, press, body
  std::string place;  // in the tree of jurisdictions: "thai-nguyen/huyen-a" lies in "thai-nguyen"; or empty
  std::optional<crypto::PublicKey> root_key;
  std::vector<EndpointDescription> endpoints;  // the first one receives the party's deliveries
};

// Of an item's canonical text, or of a file's part at `pointer`.
PartyDescription read_party(const nlohmann::json& value, const std::string& pointer, Fault& fault);
Result<PartyDescription> read_party(std::string_view canonical);
std::string canonical_party(const PartyDescription& party);

// What becomes known at deployment: {"party", "root_key", "endpoints"}.
struct PartyKeys {
  std::string party;
  crypto::PublicKey root_key{};
  std::vector<EndpointDescription> endpoints;
};
PartyKeys read_party_keys(const nlohmann::json& value, const std::string& pointer, Fault& fault);

// 32 bytes in base64.
std::optional<Bytes<32>> parse_key(std::string_view text);

}  // namespace hub::registry
