// Who takes part and what may be sent: message types, parties with their endpoints, certified keys. A projection of the
// journal's configuration records: apply() replays what was checked when it was recorded, and checks it again.
//
// Indexes are never used again. Registering a party's or endpoint's id anew replaces its attributes and keeps its
// index.
//
// Threads: one owner applies; const members from any thread while nobody applies. References are good until the next
// apply.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "hub/base/strong.hpp"
#include "hub/registry/item.hpp"
#include "hub/registry/key_ring.hpp"
#include "hub/registry/party.hpp"
#include "hub/registry/type.hpp"

namespace hub::registry {

struct Party {
  std::string id, name_vi, name_en, level, kind, place;
  std::optional<crypto::PublicKey> root_key;
  std::vector<EndpointIndex> endpoints;  // the first one receives the party's deliveries
};

struct Endpoint {
  std::string id;
  PartyIndex party;
  CurveKey curve_key{};
  bool enabled = false;
  std::vector<std::string> accepts;  // sorted; none: every type

  bool takes(std::string_view type) const;
};

class Registry {
 public:
  // A type, party, certificate or revocation; another kind is a programmer's error. A refused item changes nothing.
  // config_invalid, schema_invalid, certificate_invalid, key_unknown.
  Result<void> apply(const Item& item);

  std::optional<TypeIndex> type(std::string_view id) const;
  std::optional<PartyIndex> party(std::string_view id) const;
  std::optional<EndpointIndex> endpoint(std::string_view id) const;
  // Of an enabled endpoint; whoever holds the secret half of the key speaks for it.
  std::optional<EndpointIndex> endpoint_of_curve_key(const CurveKey& key) const;
  // Where a party's deliveries go.
  std::optional<EndpointIndex> delivery_endpoint(PartyIndex party) const;

  const Type& type_at(TypeIndex index) const { return types_[index.value]; }
  const Party& party_at(PartyIndex index) const { return parties_[index.value]; }
  const Endpoint& endpoint_at(EndpointIndex index) const { return endpoints_[index.value]; }
  std::size_t type_count() const { return types_.size(); }
  std::size_t party_count() const { return parties_.size(); }
  std::size_t endpoint_count() const { return endpoints_.size(); }
  const KeyRing& keys() const { return keys_; }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct CurveKeyHash {
    std::size_t operator()(const CurveKey& key) const { return load_le<std::size_t>(key.data()); }
  };
  template <class Index>
  using ById = std::unordered_map<std::string, Index, TextHash, std::equal_to<>>;

  Result<void> apply_type(const Item& item);
  Result<void> apply_party(const Item& item);
  Result<void> apply_credential(const Item& item);
  Result<void> check_curve_keys(const PartyDescription& party) const;
  EndpointIndex put_endpoint(const EndpointDescription& description, PartyIndex party);

  std::deque<Type> types_;
  std::deque<Party> parties_;
  std::deque<Endpoint> endpoints_;
  ById<TypeIndex> type_ids_;
  ById<PartyIndex> party_ids_;
  ById<EndpointIndex> endpoint_ids_;
  std::unordered_map<CurveKey, EndpointIndex, CurveKeyHash> curve_keys_;
  KeyRing keys_;
};

}  // namespace hub::registry
