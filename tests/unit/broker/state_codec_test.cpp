#include "hub/broker/state_codec.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "hub/broker/decide_reports.hpp"
#include "hub/broker/storage_orders.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;

// Puts what `from` knows into `to` by way of its bytes.
void hand_over(const CoreBench& from, CoreBench& to, std::uint64_t hash_seed) {
  State state(hash_seed);
  REQUIRE(decode_state(encode_state(from.state), state));
  to.state = std::move(state);
  refresh(to.state.configuration);
  to.now = from.now;
}

// The newest key that is not destroyed; 0: none.
std::uint32_t body_key(const CoreBench& bench, std::uint64_t seed) {
  for (std::size_t left = bench.state.storage_keys.all().size(); left > 0 && seed % 5 != 0; --left)
    if (!bench.state.storage_keys.all()[left - 1].destroyed) return static_cast<std::uint32_t>(left);
  return 0;
}

// A role is handed out, or taken back when it is there.
void change_role(CoreBench& bench, std::uint64_t seed) {
  const std::string name = "user-" + std::to_string(seed % 3);
  const Role role = seed % 2 == 0 ? Role::operations : Role::compliance;
  const User* user = bench.state.users.find(name);
  const auto action = user != nullptr && user->has(role) ? RoleAction::revoke : RoleAction::grant;
  bench.apply(RoleChanged{action, name, role, {}, "administrator:test", "thử", {}, {}});
}

void pause_or_resume(CoreBench& bench, std::size_t party) {
  const auto action = bench.streams(party).deliveries.is_paused() ? EndpointAction::resume : EndpointAction::pause;
  bench.apply(EndpointOrdered{action, bench.endpoint(party), "administrator:test", "thử", {}, {}});
}

// One of the things that happen, the same for each bench and each seed.
void step(CoreBench& bench, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t bound) { return random() % bound; };
  const std::size_t party = below(3);
  bench.now.value += static_cast<std::int64_t>(below(20)) * kMicrosPerSecond;
  if (seed % 13 == 0) change_role(bench, seed);
  if (seed % 17 == 0) pause_or_resume(bench, party);
  switch (below(14)) {
    case 0:
      bench.now.value += static_cast<std::int64_t>(below(12)) * kMicrosPerDay;
      break;
    case 1:
      bench.connect(party, 1 + below(4));
      break;
    case 2:
      bench.apply(EndpointDisconnected{bench.endpoint(party), bench.streams(party).session, "goodbye"});
      break;
    case 3:
    case 4: {
      const DeliveryQueue& queue = bench.streams(party).deliveries;
      bench.acknowledge(party, queue.acknowledged().value + below(queue.in_flight() + 1));
      break;
    }
    case 5: {
      const ReceiptQueue& queue = bench.streams(party).receipts;
      const std::uint64_t there = queue.last().value - queue.acknowledged().value;
      bench.apply(
          ReceiptsAcknowledged{bench.endpoint(party), StreamSequence(queue.acknowledged().value + below(there + 1))});
      break;
    }
    case 6:
      if (const auto due = decide_schedule(bench.state, bench.now)) bench.apply(*due);
      break;
    case 7:
      if (bench.state.book.size() > 0) {
        const DeliveryEntry entry = bench.state.book.entries()[below(bench.state.book.size())];
        const wire::Report report{1,    entry.key(), DeliveryStatus::failed, "disk", bench.now, "delivery-not-stored",
                                  false};
        const auto said = decide_report(bench.state, bench.journal_id, entry.recipient, report, bench.now, below(1000));
        if (said.record) bench.apply(*said.record);
      }
      break;
    case 8: {
      const crypto::Digest digest{static_cast<std::uint8_t>(seed)};
      const PartyIndex owner(static_cast<std::uint32_t>(party));
      if (bench.state.contents.find({owner, digest}) != nullptr) break;
      bench.apply(ContentPermitted{bench.endpoint(party), owner, digest, 100 + below(100), bench.now.next()});
      if (below(2) == 0) bench.apply(ContentStored{owner, digest, 100});
      if (below(4) == 0) bench.apply(ContentDropped{owner, digest, "test"});
      break;
    }
    case 9: {
      const Month month = month_of(bench.now);
      if (bench.state.storage_keys.find(1, month) == nullptr)
        bench.apply(StorageKeyCreated{bench.state.storage_keys.next_id(), 1, month});
      break;
    }
    case 10:
      if (const std::uint32_t key = body_key(bench, seed); key != 0) {
        const StorageKey& found = *bench.state.storage_keys.find(key);
        if (below(2) == 0) {
          bench.apply(LegalHoldChanged{key, found.months, found.month, {}, !found.held});
        } else if (!found.held) {
          bench.apply(StorageKeyDestroyed{key, found.months, found.month, {}});
          for (const DeliveryFailed& failed : decide_erased_deliveries(bench.state, 1000)) bench.apply(failed);
        }
      }
      break;
    default: {
      test::Note note;
      note.number = 1 + seed % 97;  // some come again
      note.time = bench.now;
      note.to = below(8) == 0 ? "nobody" : "party-" + std::to_string(1 + below(2));
      note.conversation = below(5);
      note.urgency = static_cast<std::uint8_t>(below(5));
      if (note.urgency == 4)
        note.deliver_at = UnixMicros(bench.now.value + static_cast<std::int64_t>(below(100)) * kMicrosPerSecond);
      const Buffer document = test::write(note);
      if (!bench.decide(document))
        bench.apply(bench.decided, bench.decided.accepted ? document.size() : 0, body_key(bench, seed));
    }
  }
}

}  // namespace

TEST_CASE("a state that was handed over as bytes has the same hash, and goes on as the one that was not") {
  const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{13}));
  CAPTURE(seed);
  CoreBench live(1), other(2);
  for (std::uint64_t i = 0; i < 600; ++i) {
    step(live, seed * 10'000 + i);
    step(other, seed * 10'000 + i);
    if (i % 37 == 0) hand_over(live, other, i);
    REQUIRE(state_hash(other.state) == state_hash(live.state));
  }
  CHECK(live.state.known.size() > 0);
  CHECK(live.state.book.size() > 0);
}

TEST_CASE("what a queue dispatches after it was handed over is what it would have dispatched") {
  std::mt19937_64 random(7);
  DeliveryQueue queue;
  for (std::uint64_t i = 1; i <= 300; ++i) {
    PendingDelivery delivery;
    delivery.position = Position(i);
    delivery.conversation = test::numbered(random() % 40);
    delivery.urgency = static_cast<std::uint8_t>(random() % kUrgencies);
    delivery.document_bytes = 10;
    delivery.queued_s = static_cast<std::uint32_t>(i / 10);
    queue.add(delivery);
    if (i == 100) queue.open({5, 1'000});
    if (i > 100 && random() % 3 == 0) queue.acknowledge(queue.acknowledged().next(), [](const auto&) {});
  }
  DeliveryQueue again = DeliveryQueue::from(queue.image());
  CHECK(again.oldest_queued_s() == queue.oldest_queued_s());
  CHECK(again.waiting() == queue.waiting());
  while (queue.dispatched() > queue.acknowledged()) {
    const StreamSequence next = queue.acknowledged().next();
    REQUIRE(again.at(next).position == queue.at(next).position);
    for (DeliveryQueue* one : {&queue, &again}) one->acknowledge(next, [](const auto&) {});
    REQUIRE(again.oldest_queued_s() == queue.oldest_queued_s());
  }
  CHECK(again.waiting() == 0);
}

TEST_CASE("the bytes of version 4 are what they were: another layout is another kStateVersion") {
  CoreBench bench;
  for (std::uint64_t i = 0; i < 500; ++i) step(bench, i);
  REQUIRE(kStateVersion == 4);
  CHECK(to_hex(state_hash(bench.state)) == "21af8a374a7be1f245acfaaca3ddfa3fec2a48bf7008221ec75fa2e4a6e7d74a");
}

TEST_CASE("a state without a record has bytes too") {
  State state(1), again(2);
  REQUIRE(decode_state(encode_state(state), again));
  CHECK(state_hash(again) == state_hash(state));
}

TEST_CASE("bytes that are cut, followed by others or damaged are no state, and reading them stays inside them") {
  CoreBench bench;
  for (std::uint64_t i = 0; i < 200; ++i) step(bench, i);
  const Buffer bytes = encode_state(bench.state);
  for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 50) {
    State state(1);
    CHECK_FALSE(decode_state(ByteView(bytes).first(length), state));
  }
  Buffer longer = bytes;
  longer.push_back(0);
  State state(1);
  CHECK_FALSE(decode_state(longer, state));
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    Buffer damaged = bytes;
    damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
    State other(1);
    if (decode_state(damaged, other)) CHECK(encode_state(other) != bytes);
  }
}

}  // namespace hub::broker
