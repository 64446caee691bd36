#include "hub/registry/party.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/base/check.hpp"
#include "hub/registry/json_canonical.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::registry {
namespace {

constexpr std::string_view kLevels[] = {"commune", "district", "province", "central"};
constexpr std::string_view kKinds[] = {"agency", "press", "body"};

template <std::size_t N>
std::string one_of(ObjectReader& in, const char* name, const std::string_view (&names)[N]) {
  std::string out = in.text(name);
  if (std::find(std::begin(names), std::end(names), out) != std::end(names)) return out;
  std::string list;
  for (const std::string_view known : names) list.append(list.empty() ? "" : ", ").append(known);
  in.refuse(name, "must be one of " + list);
  return out;
}

Bytes<32> read_key(ObjectReader& in, const char* name) {
  const auto out = parse_key(in.text(name));
  if (!out) in.refuse(name, "32 bytes in base64 were expected");
  return out.value_or(Bytes<32>{});
}

std::string party_id(ObjectReader& in, const char* name) {
  std::string out = in.text(name);
  if (!is_party_id(out)) in.refuse(name, "a party's id was expected: a-z, 0-9, \".\" and \"-\", at most 64");
  return out;
}

std::vector<std::string> accepts(ObjectReader& in) {
  std::vector<std::string> out;
  const auto& list = in.array("accepts");
  if (in.has("accepts") && list.empty()) in.refuse("accepts", "a type was expected; without a list all are taken");
  for (const auto& one : list) {
    const std::string type = one.is_string() ? one.get<std::string>() : std::string();
    if (!is_type_id(type)) in.refuse("accepts", "types' ids were expected, as trial-result-report/1");
    if (std::find(out.begin(), out.end(), type) != out.end()) in.refuse("accepts", type + " is listed twice");
    out.push_back(type);
  }
  return out;
}

std::vector<EndpointDescription> endpoints(ObjectReader& in, const std::string& party, Fault& fault) {
  std::vector<EndpointDescription> out;
  const auto& list = in.array("endpoints");
  for (std::size_t i = 0; i < list.size(); ++i) {
    ObjectReader one(list[i], child_pointer(in.pointer_to("endpoints"), i), fault);
    EndpointDescription endpoint{one.text("id"), read_key(one, "curve_key"), one.boolean_or("enabled", true),
                                 accepts(one)};
    one.refuse_unknown();
    // An endpoint's name starts with its party's, so that no party can take over another's.
    if (!is_endpoint_id(endpoint.id) || !endpoint.id.starts_with(party + "/"))
      one.refuse("id", "an endpoint's id was expected: \"" + party + "/\" and a name");
    if (std::any_of(out.begin(), out.end(), [&](const auto& e) { return e.id == endpoint.id; }))
      one.refuse("id", "this endpoint is listed twice");
    out.push_back(std::move(endpoint));
  }
  return out;
}

}  // namespace

std::optional<Bytes<32>> parse_key(std::string_view text) {
  const auto bytes = from_base64(text);
  return bytes ? fixed<32>(*bytes) : std::nullopt;
}

PartyDescription read_party(const nlohmann::json& value, const std::string& pointer, Fault& fault) {
  ObjectReader in(value, pointer, fault);
  PartyDescription out;
  out.id = party_id(in, "id");
  ObjectReader name = in.object("name");
  out.name_vi = name.text("vi");
  out.name_en = name.text("en");
  name.refuse_unknown();
  out.level = one_of(in, "level", kLevels);
  out.kind = one_of(in, "kind", kKinds);
  out.place = in.text_or("place", "");
  if (!out.place.empty() && !is_place(out.place)) in.refuse("place", "a place was expected, as thai-nguyen/huyen-a");
  if (in.has("root_key")) out.root_key = read_key(in, "root_key");
  out.endpoints = endpoints(in, out.id, fault);
  in.refuse_unknown();
  return out;
}

PartyKeys read_party_keys(const nlohmann::json& value, const std::string& pointer, Fault& fault) {
  ObjectReader in(value, pointer, fault);
  PartyKeys out;
  out.party = party_id(in, "party");
  out.root_key = read_key(in, "root_key");
  out.endpoints = endpoints(in, out.party, fault);
  in.refuse_unknown();
  return out;
}

Result<PartyDescription> read_party(std::string_view canonical) {
  nlohmann::json value;
  const auto marks = parse_json_strict(canonical, "party", value);
  if (!marks) return tl::unexpected(marks.error());
  Fault fault;
  PartyDescription out = read_party(value, "", fault);
  if (fault.found()) return tl::unexpected(marks->invalid(fault));
  return out;
}

std::string canonical_party(const PartyDescription& party) {
  nlohmann::json out = {{"id", party.id},
                        {"name", {{"vi", party.name_vi}, {"en", party.name_en}}},
                        {"level", party.level},
                        {"kind", party.kind},
                        {"endpoints", nlohmann::json::array()}};
  if (!party.place.empty()) out["place"] = party.place;
  if (party.root_key) out["root_key"] = to_base64(*party.root_key);
  for (const EndpointDescription& e : party.endpoints) {
    nlohmann::json endpoint = {{"id", e.id}, {"curve_key", to_base64(e.curve_key)}, {"enabled", e.enabled}};
    if (!e.accepts.empty()) endpoint["accepts"] = e.accepts;
    out["endpoints"].push_back(std::move(endpoint));
  }
  auto text = canonical_json(out);
  HUB_CHECK(text.has_value());
  return std::move(*text);
}

}  // namespace hub::registry
