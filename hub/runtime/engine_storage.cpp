// Storage keys: those of a start, and what administrators order about them.
#include "hub/base/check.hpp"
#include "hub/broker/storage_orders.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {
namespace {

constexpr std::size_t kGivenUpAtOnce = 64;  // deliveries, beside what else a turn may record

}  // namespace

Result<void> Engine::settle_storage_keys() {
  for (const broker::StorageKey& key : state().storage_keys.all()) {
    auto settled = key.destroyed ? sealer_.destroy(key.id) : sealer_.find(key.id);
    if (!settled) return settled;
  }
  return {};
}

// The secret goes when the record is durable, and before the answer does. Should that fail, the process ends, and the
// next start tries again.
Result<Position> Engine::on_storage_order(std::string_view text) {
  const auto order = broker::read_storage_order(text, state().created.administrators);
  if (!order) return tl::unexpected(order.error());
  const auto record = broker::decide_storage_order(state(), recorder_.journal().id(), *order, recorder_.now());
  if (!record) return tl::unexpected(record.error());
  const Position position = recorder_.record(*record).position;
  if (const auto* destroyed = std::get_if<broker::StorageKeyDestroyed>(&*record)) {
    give_up_erased();
    when_durable([this, key = destroyed->id] { HUB_CHECK(sealer_.destroy(key).has_value()); });
  }
  return position;
}

// Deliveries whose documents are erased never come: each is a dead letter, and its sender is told.
void Engine::give_up_erased() {
  const auto erased = broker::decide_erased_deliveries(state(), kGivenUpAtOnce);
  for (const broker::DeliveryFailed& failed : erased) recorder_.record(failed);
  erased_left_ = erased.size() == kGivenUpAtOnce;
}

}  // namespace hub::runtime
