#include "hub/runtime/content_reconciliation.hpp"

#include <spdlog/spdlog.h>

#include <set>

#include "hub/base/check.hpp"

namespace hub::runtime {

Result<void> reconcile_contents(const content::Store& store, Engine& engine) {
  const auto files = store.list();
  if (!files) return tl::unexpected(files.error());
  const broker::State& state = engine.state();
  const registry::Registry& registry = state.configuration.registry;
  std::set<broker::ContentKey> whole;
  for (const content::Found& file : *files) {
    const auto party = registry.party(file.name.party);
    const broker::Content* known = party ? state.contents.find({*party, file.name.digest}) : nullptr;
    const bool fits = known != nullptr && (file.partial ? !known->stored : file.size == known->size);
    if (!fits) {
      spdlog::info("{} bytes of {} are of no use any more and are removed", file.size, file.name.party);
      if (auto removed = store.remove(file); !removed) return removed;
    } else if (!file.partial) {
      whole.insert({*party, file.name.digest});
      HUB_CHECK(engine.has_room());  // as many as were under way when the hub ended
      if (!known->stored) engine.record_content_stored(*party, file.name.digest, file.size);
    }
  }
  state.contents.for_each([&](const broker::ContentKey& key, const broker::Content& content) {
    if (content.stored && !whole.contains(key))
      spdlog::error("damage: the content {} of {} is recorded as stored, and its file is not there", to_hex(key.digest),
                    registry.party_at(key.sender).id);
  });
  return {};
}

}  // namespace hub::runtime
