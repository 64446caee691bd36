#include "tests/simulation/scenery.hpp"

#include <nlohmann/json.hpp>

#include "hub/registry/credentials.hpp"
#include "hub/registry/limits.hpp"
#include "tests/simulation/scheduler.hpp"

namespace hub::simulation {
namespace {

using nlohmann::json;

crypto::SigningKey key_from(Chance& chance) {
  Bytes<32> seed;
  chance.fill(seed);
  return crypto::SigningKey::from_seed(seed);
}

registry::Item type_item(const std::string& id) {
  const json schema = {{"type", "object"},
                       {"properties",
                        {{"text", {{"type", "string"}, {"maxLength", 5000}}},
                         {"case_ref", {{"type", "string"}, {"maxLength", registry::kCaseReferenceCharactersMax}}}}},
                       {"required", {"text"}},
                       {"additionalProperties", false}};
  const json permitted = {{"policy", "permitted"}, {"count_max", 3}, {"bytes_max", std::int64_t{4} << 30}};
  const json type = {{"type", id},
                     {"label", {{"vi", id}, {"en", id}}},
                     {"reads", {{"routing", json::array()}, {"duties", json::array()}, {"case", {"/data/case_ref"}}}},
                     {"schema", schema},
                     {"example", {{"text", "a"}}},
                     {"retention_months", 6},  // a pending delivery is known longer than that
                     {"attachments", id == kPermittedType ? permitted : json{{"policy", "none"}}},
                     {"counterexample", {{"text", 1}}}};
  return {registry::ItemKind::type, id, type.dump()};
}

registry::Item party_item(const SimParty& party) {
  const json endpoint = {{"id", party.endpoint}, {"curve_key", to_base64(party.transport_key)}, {"enabled", true}};
  const json item = {{"id", party.id},
                     {"name", {{"vi", party.id}, {"en", party.id}}},
                     {"level", "district"},
                     {"kind", "agency"},
                     {"root_key", to_base64(party.root.public_key())},
                     {"endpoints", json::array({endpoint})}};
  return {registry::ItemKind::party, party.id, item.dump()};
}

registry::Item certificate_item(const SimParty& party) {
  const registry::Certificate certificate{party.id, party.signing.public_key(), UnixMicros(0),
                                          UnixMicros(4'000'000'000'000'000)};
  const std::string text = registry::sign_credential(certificate, party.root);
  return {registry::ItemKind::certificate, party.id + "/" + to_hex(crypto::key_id(party.signing.public_key())), text};
}

registry::Item agreement_item(const std::vector<SimParty>& parties) {
  json aliases = json::object(), all = json::array();
  for (std::size_t i = 0; i < parties.size(); ++i) {
    aliases["p" + std::to_string(i)] = parties[i].id;
    all.push_back("p" + std::to_string(i));
  }
  const json clause = {{"id", "notes"},
                       {"words", "everybody informs everybody"},
                       {"reading", "explicit"},
                       {"permit", {{"type", "note"}, {"from", "all"}, {"to", "all"}}}};
  const json agreement = {{"agreement", "sim/notes"},
                          {"version", 1},
                          {"basis", "directed"},
                          {"title", {{"vi", "Ghi chú"}, {"en", "Notes"}}},
                          {"source", {{"article", "none"}}},
                          {"in_force", {{"from", "2024-01-01"}, {"until", nullptr}}},
                          {"parties", aliases},
                          {"groups", {{"all", all}}},
                          {"contact", {{"p0", "p0"}}},
                          {"clauses", json::array({clause})}};
  return {registry::ItemKind::agreement, "sim/notes", agreement.dump()};
}

}  // namespace

Scenery make_scenery(std::uint32_t parties, std::uint64_t seed) {
  Chance chance(seed * 104'729 + 3);
  Scenery out;
  for (std::uint32_t i = 0; i < parties; ++i) {
    const std::string id = "party-" + std::to_string(i);
    Bytes<32> transport;
    chance.fill(transport);
    const crypto::SigningKey root = key_from(chance), signing = key_from(chance);
    out.parties.push_back({id, id + "/sim", transport, root, signing});
  }
  out.items = {type_item(kForbiddenType), type_item(kPermittedType)};
  for (const SimParty& party : out.parties) out.items.push_back(party_item(party));
  for (const SimParty& party : out.parties) out.items.push_back(certificate_item(party));
  out.items.push_back(agreement_item(out.parties));
  return out;
}

}  // namespace hub::simulation
