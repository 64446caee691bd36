#include "hub/broker/state.hpp"

#include "hub/base/check.hpp"
#include "hub/broker/state_codec.hpp"

namespace hub::broker {

bool can_be_registered(registry::ItemKind kind) {
  using enum registry::ItemKind;
  return kind == type || kind == party || kind == agreement || kind == certificate || kind == revocation;
}

Result<void> register_item(Configuration& configuration, const registry::Item& item) {
  if (item.kind != registry::ItemKind::agreement) {  // agreements are compiled together, by refresh()
    if (auto applied = configuration.registry.apply(item); !applied) return applied;
    configuration.registered.push_back(item);
  }
  configuration.items[{item.kind, item.id}] = item.canonical;
  ++configuration.version;
  return {};
}

void refresh(Configuration& configuration) {
  if (configuration.table_version == configuration.version) return;
  std::vector<agreements::Agreement> agreements;
  for (const auto& [item, canonical] : configuration.items) {
    if (item.first != registry::ItemKind::agreement) continue;
    auto agreement = agreements::parse_canonical(canonical);
    HUB_CHECK(agreement.has_value());  // it was checked before it became a record
    agreements.push_back(std::move(*agreement));
  }
  auto table = agreements::DecisionTable::compile(configuration.registry, std::move(agreements));
  HUB_CHECK(table.has_value());
  configuration.table = std::move(*table);
  configuration.table_version = configuration.version;
}

crypto::Digest state_hash(const State& state) { return crypto::sha256(encode_state(state)); }

}  // namespace hub::broker
