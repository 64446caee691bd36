// Everything that the core knows: a projection of the journal, changed by apply() alone. Plain data with invariants;
// owned by the core's thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hub/agreements/decision_table.hpp"
#include "hub/broker/contents.hpp"
#include "hub/broker/deduplication.hpp"
#include "hub/broker/delivery_book.hpp"
#include "hub/broker/delivery_queue.hpp"
#include "hub/broker/receipt_queue.hpp"
#include "hub/broker/records.hpp"
#include "hub/broker/storage_keys.hpp"
#include "hub/registry/registry.hpp"

namespace hub::broker {

// The configuration in force. The decision table is derived from registry and agreements by refresh().
struct Configuration {
  registry::Registry registry;
  std::vector<registry::Item> registered;  // what made the registry, in the order of its records: indexes follow from it
  std::map<std::pair<registry::ItemKind, std::string>, std::string> items;  // what is registered, in canonical form
  agreements::DecisionTable table;
  std::uint64_t version = 0;  // counts configuration_changed records
  std::uint64_t table_version = 0;
};

struct EndpointState {
  SessionId session;  // 0: not connected
  DeliveryQueue deliveries;
  ReceiptQueue receipts;
  Position last_order;  // to pause or to resume its deliveries; 0: none
};

struct ScheduledDelivery {
  EndpointIndex recipient;
  PendingDelivery delivery;
};

struct State {
  explicit State(std::uint64_t hash_seed) : known(hash_seed) {}

  JournalCreated created;
  Configuration configuration;
  std::vector<EndpointState> endpoints;  // by EndpointIndex; as many as the registry has
  Deduplication known;
  DeliveryBook book;
  std::multimap<UnixMicros, ScheduledDelivery> schedule;  // deliveries whose time, or whose next attempt, has not come
  Contents contents;           // of attachments
  StorageKeys storage_keys;    // of bodies
  Users users;                 // of the HTTP interface
  Position end;                // of the next record
  UnixMicros time;             // of the last record; never goes back
  SessionId last_session;
};

// Whether items of this kind can be registered.
bool can_be_registered(registry::ItemKind kind);
// Takes an item as its record does: live, in a replay and from a snapshot. The registry may refuse it.
Result<void> register_item(Configuration& configuration, const registry::Item& item);

// Compiles the decision table when the configuration has changed since.
void refresh(Configuration& configuration);

// A digest of all that matters in the state, independent of how it came to be: a replay must give the same. It is the
// SHA-256 of encode_state(): what a snapshot would lack, it would lack too.
crypto::Digest state_hash(const State& state);

}  // namespace hub::broker
