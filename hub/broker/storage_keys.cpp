#include "hub/broker/storage_keys.hpp"

#include "hub/base/check.hpp"

namespace hub::broker {

const StorageKey* StorageKeys::find(std::uint32_t id) const {
  return id == 0 || id > keys_.size() ? nullptr : &keys_[id - 1];
}

const StorageKey* StorageKeys::find(std::uint32_t months, Month month) const {
  const auto found = ids_.find({months, month});
  return found == ids_.end() ? nullptr : find(found->second);
}

bool StorageKeys::is_destroyed(std::uint32_t id) const {
  const StorageKey* key = find(id);
  return key != nullptr && key->destroyed;
}

void StorageKeys::create(std::uint32_t id, std::uint32_t months, Month month, Position record) {
  HUB_CHECK(id == next_id());
  restore({id, months, month, record});
}

void StorageKeys::restore(StorageKey key) {
  key.id = next_id();
  HUB_CHECK(ids_.emplace(std::pair(key.months, key.month), key.id).second);
  keys_.push_back(key);
}

void StorageKeys::set_hold(std::uint32_t id, bool held, Position record) {
  StorageKey& key = usable(id);
  key.held = held;
  key.last_record = record;
}

void StorageKeys::destroy(std::uint32_t id, Position record) {
  StorageKey& key = usable(id);
  HUB_CHECK(!key.held);
  key.destroyed = true;
  key.last_record = record;
}

StorageKey& StorageKeys::usable(std::uint32_t id) {
  HUB_CHECK(find(id) != nullptr && !keys_[id - 1].destroyed);
  return keys_[id - 1];
}

}  // namespace hub::broker
