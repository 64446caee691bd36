// The keys that bodies are encrypted with, as the core knows them: which there are, and what may become of them. Their
// secrets are elsewhere (hub/ports/storage_secrets.hpp) and never enter the journal.
//
//   none ── storage-key-created ──▶ in use ◀── legal-hold-changed ──▶ held
//                                     │  retention over, two administrators
//                                     ▼
//                                 destroyed: for ever. A class and month has one key, and its month never comes again.
//
// Owned by the state; one thread; deterministic.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "hub/base/month.hpp"

namespace hub::broker {

struct StorageKey {
  std::uint32_t id = 0;      // from 1
  std::uint32_t months = 0;  // its documents are kept for
  Month month;               // of their acceptance
  Position last_record;      // that made or changed it
  bool held = false;
  bool destroyed = false;
};

// When what is under a key need not be kept any more: its documents are of the whole month.
inline UnixMicros retention_end(const StorageKey& key) {
  return start_of(Month(key.month.value + 1 + static_cast<std::int32_t>(key.months)));
}

class StorageKeys {
 public:
  const StorageKey* find(std::uint32_t id) const;  // null: none has this id
  const StorageKey* find(std::uint32_t months, Month month) const;
  bool is_destroyed(std::uint32_t id) const;
  std::uint32_t next_id() const { return static_cast<std::uint32_t>(keys_.size()) + 1; }
  std::span<const StorageKey> all() const { return keys_; }  // by id

  void create(std::uint32_t id, std::uint32_t months, Month month, Position record);  // the next one
  void set_hold(std::uint32_t id, bool held, Position record);                        // not destroyed
  void destroy(std::uint32_t id, Position record);                                    // neither held nor destroyed
  void restore(StorageKey key);  // the next one, as it was in another state

 private:
  StorageKey& usable(std::uint32_t id);

  std::vector<StorageKey> keys_;
  std::map<std::pair<std::uint32_t, Month>, std::uint32_t> ids_;
};

}  // namespace hub::broker
