#include "hub/registry/registry.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/base/check.hpp"

namespace hub::registry {
namespace {

Error invalid_item(const Item& item, std::string path, std::string reason) {
  Marks marks(std::string(kind_name(item.kind)) + " " + item.id);
  return marks.invalid({std::move(path), std::move(reason)});
}

template <class Map, class Key>
auto lookup(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

bool Endpoint::takes(std::string_view type) const {
  return accepts.empty() || std::binary_search(accepts.begin(), accepts.end(), type);
}

Result<void> Registry::apply(const Item& item) {
  switch (item.kind) {
    case ItemKind::type: return apply_type(item);
    case ItemKind::party: return apply_party(item);
    case ItemKind::certificate:
    case ItemKind::revocation: return apply_credential(item);
    case ItemKind::agreement:
    case ItemKind::administrator: break;
  }
  HUB_CHECK(false && "an item of the registry");
  return {};
}

Result<void> Registry::apply_type(const Item& item) {
  nlohmann::json value;
  const auto marks = parse_json_strict(item.canonical, "type " + item.id, value);
  if (!marks) return tl::unexpected(marks.error());
  auto type = read_type(value, *marks);
  if (!type) return tl::unexpected(type.error());
  if (type->id != item.id) return tl::unexpected(marks->invalid({"/type", "differs from the item's id"}));
  const auto known = this->type(item.id);
  if (!known) {
    type_ids_.emplace(item.id, TypeIndex(static_cast<std::uint32_t>(types_.size())));
    types_.push_back(std::move(*type));
    return {};
  }
  // Documents of this version are in the journal: what they mean must not change. A wording may be corrected.
  if (types_[known->value].schema_meaning != type->schema_meaning)
    return tl::unexpected(marks->invalid({"/schema", "this version is registered with another schema: add a version"}));
  types_[known->value] = std::move(*type);
  return {};
}

Result<void> Registry::apply_party(const Item& item) {
  const auto description = read_party(item.canonical);
  if (!description) return tl::unexpected(description.error());
  if (description->id != item.id) return tl::unexpected(invalid_item(item, "/id", "differs from the item's id"));
  if (auto keys = check_curve_keys(*description); !keys) return keys;
  const auto known = party(item.id);
  const PartyIndex index = known.value_or(PartyIndex(static_cast<std::uint32_t>(parties_.size())));
  if (!known) {
    parties_.emplace_back();
    party_ids_.emplace(item.id, index);
  }
  Party& party = parties_[index.value];
  // An endpoint that is listed no more is out of use; its index stays taken.
  for (const EndpointIndex old : party.endpoints) {
    endpoints_[old.value].enabled = false;
    curve_keys_.erase(endpoints_[old.value].curve_key);
  }
  party = Party{description->id,   description->name_vi, description->name_en, description->level,
                description->kind, description->place,   description->root_key, {}};
  for (const EndpointDescription& endpoint : description->endpoints)
    party.endpoints.push_back(put_endpoint(endpoint, index));
  return {};
}

// A connection key stands for one endpoint.
Result<void> Registry::check_curve_keys(const PartyDescription& party) const {
  const auto& endpoints = party.endpoints;
  for (auto e = endpoints.begin(); e != endpoints.end(); ++e) {
    const auto holder = lookup(curve_keys_, e->curve_key);
    const bool foreign = holder && parties_[endpoints_[holder->value].party.value].id != party.id;
    const bool twice =
        std::any_of(endpoints.begin(), e, [&](const auto& other) { return other.curve_key == e->curve_key; });
    if (foreign || twice)
      return tl::unexpected(invalid_item({ItemKind::party, party.id, {}}, "/endpoints",
                                         "the curve_key of " + e->id + " belongs to another endpoint"));
  }
  return {};
}

EndpointIndex Registry::put_endpoint(const EndpointDescription& description, PartyIndex party) {
  const auto known = endpoint(description.id);
  const EndpointIndex index = known.value_or(EndpointIndex(static_cast<std::uint32_t>(endpoints_.size())));
  if (!known) {
    endpoints_.emplace_back();
    endpoint_ids_.emplace(description.id, index);
  }
  Endpoint& put = endpoints_[index.value];
  put = Endpoint{description.id, party, description.curve_key, description.enabled, description.accepts};
  std::sort(put.accepts.begin(), put.accepts.end());
  curve_keys_.insert_or_assign(description.curve_key, index);
  return index;
}

Result<void> Registry::apply_credential(const Item& item) {
  const auto claimed = read_credential(item.canonical);
  if (!claimed) return tl::unexpected(claimed.error());
  const auto index = party(claimed->party());
  if (!index || !party_at(*index).root_key)
    return fail(ErrorCode::certificate_invalid, {{"reason", claimed->party() + " has no root key here"}});
  return keys_.add(item.canonical, *party_at(*index).root_key);
}

std::optional<TypeIndex> Registry::type(std::string_view id) const { return lookup(type_ids_, id); }
std::optional<PartyIndex> Registry::party(std::string_view id) const { return lookup(party_ids_, id); }
std::optional<EndpointIndex> Registry::endpoint(std::string_view id) const { return lookup(endpoint_ids_, id); }

std::optional<EndpointIndex> Registry::endpoint_of_curve_key(const CurveKey& key) const {
  const auto index = lookup(curve_keys_, key);
  return index && endpoints_[index->value].enabled ? index : std::nullopt;
}

std::optional<EndpointIndex> Registry::delivery_endpoint(PartyIndex index) const {
  const Party& party = party_at(index);
  if (party.endpoints.empty()) return std::nullopt;
  return party.endpoints.front();
}

}  // namespace hub::registry
