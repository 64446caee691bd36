#include <catch2/catch.hpp>
#include <map>

#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;

// A state with something of everything in it: in flight, waiting, timed, known, refused, and a receipt.
void fill(CoreBench& bench) {
  bench.connect(0);
  bench.connect(1, /*window_items=*/2);
  for (std::uint64_t i = 1; i <= 4; ++i) bench.take({.number = i});
  bench.take({.number = 5, .to = "nobody"});
  bench.take({.number = 6, .urgency = 4, .deliver_at = UnixMicros(test::kStart.value + 50)});
  bench.acknowledge(1, 1);
}

}  // namespace

TEST_CASE("the same records give the same hash, however the tables are seeded") {
  CoreBench a(1), b(99);
  fill(a);
  fill(b);
  CHECK(state_hash(a.state) == state_hash(b.state));
}

TEST_CASE("states that differ in anything have different hashes") {
  using Change = std::function<void(CoreBench&)>;
  const auto first = [](CoreBench& bench) -> EndpointState& { return bench.state.endpoints[bench.endpoint(1).value]; };
  const auto receipt = [](DeliveryStatus status, std::string reason) {
    PendingReceipt out;
    out.status = status;
    out.reason = std::move(reason);
    return out;
  };
  const auto any_entry = [](CoreBench& bench) -> DeliveryEntry& {
    const DeliveryEntry& entry = bench.state.book.entries().front();
    return *bench.state.book.find(entry.origin, entry.outcome_index);
  };
  const auto stray = [](std::uint8_t urgency, std::uint8_t outcome_index) {
    PendingDelivery delivery;
    delivery.urgency = urgency;
    delivery.outcome_index = outcome_index;
    return delivery;
  };
  const auto of_conversation = [](std::uint64_t number) {
    PendingDelivery delivery;
    delivery.conversation = test::numbered(number);
    return delivery;
  };
  const std::map<std::string, Change> changes = {
      {"nothing", [](CoreBench&) {}},
      {"end", [](CoreBench& b) { b.state.end = b.state.end.next(); }},
      {"time", [](CoreBench& b) { b.state.time = b.state.time.next(); }},
      {"last session", [](CoreBench& b) { b.state.last_session = b.state.last_session.next(); }},
      {"session", [&](CoreBench& b) { first(b).session = SessionId(0); }},
      {"window items",
       [&](CoreBench& b) {
         first(b).deliveries.set_window({1, 16 << 20});
       }},
      {"window bytes",
       [&](CoreBench& b) {
         first(b).deliveries.set_window({2, 1});
       }},
      {"acknowledged", [&](CoreBench& b) { first(b).deliveries.acknowledge(StreamSequence(2), [](const auto&) {}); }},
      {"a waiting delivery", [&](CoreBench& b) { first(b).deliveries.add(stray(0, 0)); }},
      {"its urgency", [&](CoreBench& b) { first(b).deliveries.add(stray(1, 0)); }},
      {"its outcome", [&](CoreBench& b) { first(b).deliveries.add(stray(0, 1)); }},
      {"another conversation that waits behind it",
       [&](CoreBench& b) {
         first(b).deliveries.add(stray(0, 0));
         first(b).deliveries.add(of_conversation(1));
       }},
      {"another conversation that waits before it",
       [&](CoreBench& b) {
         first(b).deliveries.add(of_conversation(1));
         first(b).deliveries.add(stray(0, 0));
       }},
      {"since when one could go",
       [&](CoreBench& b) {
         PendingDelivery delivery;
         delivery.queued_s = 4'000'000'000;
         first(b).deliveries.add(delivery);
       }},
      {"a queue that is closed", [&](CoreBench& b) { first(b).deliveries.close(); }},
      {"how often a turn was passed over",
       [&](CoreBench& b) {
         DeliveryQueueImage image = first(b).deliveries.image();
         image.passed_over[1] = 1;
         first(b).deliveries = DeliveryQueue::from(image);
       }},
      {"a receipt", [&](CoreBench& b) { first(b).receipts.add({}); }},
      {"a receipt acknowledged",
       [](CoreBench& b) { b.state.endpoints[b.endpoint(0).value].receipts.acknowledge(StreamSequence(1)); }},
      {"a known document",
       [](CoreBench& b) {
         b.state.known.put(PartyIndex(0), test::numbered(50), {Position(1), {}, true}, b.now);
       }},
      {"known as refused",
       [](CoreBench& b) {
         b.state.known.put(PartyIndex(0), test::numbered(50), {Position(1), {}, false}, b.now);
       }},
      {"known with another content",
       [](CoreBench& b) {
         b.state.known.put(PartyIndex(0), test::numbered(50), {Position(1), {1}, true}, b.now);
       }},
      {"known of another party",
       [](CoreBench& b) {
         b.state.known.put(PartyIndex(1), test::numbered(50), {Position(1), {}, true}, b.now);
       }},
      {"a receipt's status", [&](CoreBench& b) { first(b).receipts.add(receipt(DeliveryStatus::refused, {})); }},
      {"a receipt's reason", [&](CoreBench& b) { first(b).receipts.add(receipt(DeliveryStatus::delivered, "a")); }},
      {"a sending of a waiting delivery",
       [&](CoreBench& b) {
         PendingDelivery delivery;
         delivery.sending = 1;
         first(b).deliveries.add(delivery);
       }},
      {"a replay that waits",
       [&](CoreBench& b) {
         PendingDelivery delivery;
         delivery.replay = Position(1);
         first(b).deliveries.add(delivery);
       }},
      {"a delivery in the book",
       [&](CoreBench& b) {
         DeliveryEntry delivery;
         delivery.origin = Position(1'000);
         b.state.book.add(delivery);
       }},
      {"the status of one", [&](CoreBench& b) { any_entry(b).state.status = DeliveryStatus::finished; }},
      {"a recall of one", [&](CoreBench& b) { any_entry(b).state.recall_requested = true; }},
      {"a refused recall of one", [&](CoreBench& b) { any_entry(b).state.recall_refused = true; }},
      {"a planned attempt of one", [&](CoreBench& b) { any_entry(b).state.retrying = true; }},
      {"the attempts of one", [&](CoreBench& b) { any_entry(b).attempts = 3; }},
      {"the sendings of one", [&](CoreBench& b) { any_entry(b).sending = 3; }},
      {"the last record of one", [&](CoreBench& b) { any_entry(b).last_record = Position(999); }},
      {"reports without effect on one", [&](CoreBench& b) { any_entry(b).without_effect = 1; }},
      {"the schedule", [](CoreBench& b) { b.state.schedule.clear(); }},
      {"a time of the schedule",
       [](CoreBench& b) {
         auto node = b.state.schedule.extract(b.state.schedule.begin());
         node.key() = node.key().next();
         b.state.schedule.insert(std::move(node));
       }},
      {"an item of the registry", [](CoreBench& b) { b.state.configuration.registered.front().canonical += " "; }},
      {"the order of its items",
       [](CoreBench& b) {
         auto& items = b.state.configuration.registered;
         std::swap(items.front(), items.back());
       }},
      {"an agreement",
       [](CoreBench& b) {
         b.state.configuration.items.at({registry::ItemKind::agreement, "sim/notes"}) += " ";
       }},
      {"origin", [](CoreBench& b) { b.state.created.origin = "other.hub"; }},
      {"tree key", [](CoreBench& b) { b.state.created.tree_key[0] ^= 1; }},
      {"administrators", [](CoreBench& b) { b.state.created.administrators.push_back({}); }},
      {"a storage key", [](CoreBench& b) { b.state.storage_keys.create(1, 12, Month(24290), Position(1)); }},
      {"its class", [](CoreBench& b) { b.state.storage_keys.create(1, 13, Month(24290), Position(1)); }},
      {"its month", [](CoreBench& b) { b.state.storage_keys.create(1, 12, Month(24291), Position(1)); }},
      {"its hold",
       [](CoreBench& b) {
         b.state.storage_keys.create(1, 12, Month(24290), Position(1));
         b.state.storage_keys.set_hold(1, true, Position(1));
       }},
      {"its end",
       [](CoreBench& b) {
         b.state.storage_keys.create(1, 12, Month(24290), Position(1));
         b.state.storage_keys.destroy(1, Position(1));
       }},
      {"its last record", [](CoreBench& b) { b.state.storage_keys.create(1, 12, Month(24290), Position(2)); }},
      {"the storage key of one", [&](CoreBench& b) { any_entry(b).body_key = 1; }},
      {"the storage key of a waiting delivery",
       [&](CoreBench& b) {
         PendingDelivery delivery;
         delivery.body_key = 1;
         first(b).deliveries.add(delivery);
       }},
      {"demo", [](CoreBench& b) { b.state.created.demo = true; }},
  };
  std::map<crypto::Digest, std::string> seen;
  for (const auto& [name, change] : changes) {
    CoreBench bench;
    fill(bench);
    change(bench);
    const auto [entry, is_new] = seen.emplace(state_hash(bench.state), name);
    INFO(name << " has the hash of " << entry->second);
    CHECK(is_new);
  }
}

}  // namespace hub::broker
