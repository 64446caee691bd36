// The core alone: a state that is changed by applying records, with the scenery's configuration in it. No journal, no
// clock: a test sets `now`.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "hub/base/check.hpp"
#include "hub/broker/apply.hpp"
#include "hub/broker/decide.hpp"
#include "tests/unit/broker/documents.hpp"

namespace hub::test {

struct CoreBench {
  explicit CoreBench(std::uint64_t hash_seed = 1, std::uint32_t parties = 3)
      : state(hash_seed), scenery(simulation::make_scenery(parties, 1)) {
    broker::JournalCreated created;
    created.origin = kOrigin;
    apply(created);
    for (const registry::Item& item : scenery.items)
      apply(broker::ConfigurationChanged{item.kind, item.id, item.canonical, "administrator:test"});
    broker::refresh(state.configuration);
  }
  CoreBench(const CoreBench&) = delete;
  CoreBench& operator=(const CoreBench&) = delete;

  Position apply(const broker::Record& record, std::size_t body_bytes = 0, std::uint32_t body_key = 0) {
    const Position position = state.end;
    broker::apply(state, {position, now, static_cast<std::uint32_t>(body_bytes), body_key}, record, touched);
    return position;
  }

  // Registers one of the scenery's items again, changed.
  void change(registry::ItemKind kind, const std::string& id, const std::function<void(nlohmann::json&)>& edit) {
    nlohmann::json value = nlohmann::json::parse(state.configuration.items.at({kind, id}));
    edit(value);
    apply(broker::ConfigurationChanged{kind, id, value.dump(), "administrator:test"});
    broker::refresh(state.configuration);
  }

  const registry::Registry& registry() const { return state.configuration.registry; }
  const simulation::SimParty& party(std::size_t index) const { return scenery.parties[index]; }
  EndpointIndex endpoint(std::size_t index) const { return *registry().endpoint(party(index).endpoint); }
  const broker::EndpointState& streams(std::size_t index) const { return state.endpoints[endpoint(index).value]; }

  void prepare(const SignedBatch& signed_batch, std::size_t sender = 0) {
    broker::prepare(state.configuration, state.created.origin, endpoint(sender), signed_batch.submit, batch);
  }
  // Prepares and decides a batch of one; the result is in `decided`.
  std::optional<Position> decide(const Buffer& document, std::size_t sender = 0) {
    current = std::make_unique<SignedBatch>(party(sender), std::vector<Buffer>{document});
    prepare(*current, sender);
    HUB_CHECK(!broker::decide_batch(state, batch, now));
    return broker::decide_document(state, batch, 0, now, {}, decided);
  }
  std::optional<Position> decide(const Note& note) { return decide(write(note)); }
  // And applies it, as the record of its position.
  Position take(const Note& note) {
    const Buffer document = write(note);
    HUB_CHECK(!decide(document));
    return apply(decided, decided.accepted ? document.size() : 0);
  }
  void connect(std::size_t index, std::uint64_t window_items = 100) {
    wire::Hello hello;
    hello.endpoint = party(index).endpoint;
    hello.deliveries_window_items = window_items;
    hello.deliveries_stored = streams(index).deliveries.acknowledged();
    hello.receipts_stored = streams(index).receipts.acknowledged();
    apply(broker::decide_connect(state, journal_id, endpoint(index), hello).value());
  }
  void acknowledge(std::size_t index, std::uint64_t stored) {
    const broker::DeliveryWindow window = streams(index).deliveries.window();
    apply(broker::DeliveriesAcknowledged{endpoint(index), StreamSequence(stored), window.items, window.bytes});
  }

  UnixMicros now = kStart;
  const Bytes<16> journal_id{1, 2, 3};
  broker::State state;
  simulation::Scenery scenery;
  broker::Touched touched;
  broker::PreparedBatch batch;
  broker::DocumentDecided decided;
  std::unique_ptr<SignedBatch> current;
};

}  // namespace hub::test
