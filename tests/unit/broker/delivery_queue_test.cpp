#include "hub/broker/delivery_queue.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <random>
#include <set>

namespace hub::broker {
namespace {

constexpr DeliveryWindow kWide{10'000, 1 << 30};

PendingDelivery delivery(std::uint64_t number, std::uint8_t conversation, std::uint8_t urgency = 0,
                         std::uint32_t bytes = 100, std::uint32_t sender = 0) {
  PendingDelivery out;
  out.position = Position(number);
  out.conversation.bytes[0] = conversation;
  out.sender = EndpointIndex(sender);
  out.document_bytes = bytes;
  out.urgency = urgency;
  return out;
}

std::vector<std::uint64_t> in_flight(const DeliveryQueue& queue) {
  std::vector<std::uint64_t> out;
  for (auto s = queue.acknowledged().next(); s <= queue.dispatched(); s = s.next())
    out.push_back(queue.at(s).position.value);
  return out;
}

using Numbers = std::vector<std::uint64_t>;
constexpr auto kIgnore = [](const PendingDelivery&) {};

}  // namespace

TEST_CASE("documents of one conversation leave in the order in which they came, whatever their urgency") {
  DeliveryQueue queue;
  const std::uint8_t urgencies[] = {0, 3, 1, 2, 0};
  for (std::uint64_t i = 0; i < 5; ++i) queue.add(delivery(i, 1, urgencies[i]));
  queue.open(kWide);
  CHECK(in_flight(queue) == Numbers{0, 1, 2, 3, 4});
}

TEST_CASE("the same conversation of two senders is two conversations") {
  DeliveryQueue queue;
  queue.add(delivery(1, 1, 0, 100, /*sender=*/0));
  queue.add(delivery(2, 1, 3, 100, /*sender=*/1));
  queue.open(kWide);
  CHECK(in_flight(queue) == Numbers{2, 1});
}

TEST_CASE("a conversation is as urgent as its most urgent waiting document") {
  DeliveryQueue queue;
  queue.add(delivery(1, 1, 1));
  queue.add(delivery(2, 2, 0));
  queue.add(delivery(3, 2, 3));
  queue.add(delivery(4, 2, 0));
  queue.open(kWide);
  CHECK(in_flight(queue) == Numbers{2, 3, 1, 4});
}

TEST_CASE("conversations of one urgency take turns") {
  DeliveryQueue queue;
  for (std::uint64_t i = 0; i < 3; ++i) queue.add(delivery(i, 1));
  queue.add(delivery(10, 2));
  queue.open(kWide);
  CHECK(in_flight(queue) == Numbers{0, 10, 1, 2});
}

TEST_CASE("so many urgent documents pass a waiting one, and then it is its turn") {
  DeliveryQueue queue;
  queue.add(delivery(1000, 1, 0));
  queue.add(delivery(1001, 2, 0));
  for (std::uint8_t i = 0; i < 3 * kUrgentRunMax; ++i) queue.add(delivery(i, static_cast<std::uint8_t>(100 + i), 3));
  queue.open(kWide);
  const Numbers order = in_flight(queue);
  for (std::size_t i = 0; i < kUrgentRunMax; ++i) CHECK(order[i] == i);
  CHECK(order[kUrgentRunMax] == 1000);
  for (std::size_t i = 0; i < kUrgentRunMax; ++i) CHECK(order[kUrgentRunMax + 1 + i] == kUrgentRunMax + i);
  CHECK(order[2 * kUrgentRunMax + 1] == 1001);
}

TEST_CASE("with two kinds waiting behind urgent ones, both get their turn") {
  DeliveryQueue queue;
  queue.add(delivery(1000, 1, 0));
  queue.add(delivery(1001, 2, 1));
  for (std::uint8_t i = 0; i < 2 * kUrgentRunMax; ++i) queue.add(delivery(i, static_cast<std::uint8_t>(100 + i), 3));
  queue.open(kWide);
  const Numbers order = in_flight(queue);
  CHECK(std::set<std::uint64_t>{order[kUrgentRunMax], order[kUrgentRunMax + 1]} == std::set<std::uint64_t>{1000, 1001});
}

TEST_CASE("as many documents are on their way as the window has items, and not one more") {
  DeliveryQueue queue;
  queue.open({3, 1 << 20});
  for (std::uint64_t i = 1; i <= 3; ++i) queue.add(delivery(i, 1));
  CHECK(queue.in_flight() == 3);
  CHECK(queue.waiting() == 0);
  queue.add(delivery(4, 1));
  CHECK(queue.in_flight() == 3);
  CHECK(queue.waiting() == 1);
  queue.acknowledge(StreamSequence(1), kIgnore);
  CHECK(in_flight(queue) == Numbers{2, 3, 4});
}

TEST_CASE("a window of bytes that is full lets no document through, and with one byte left a last one") {
  for (const std::uint32_t first : {1000u, 999u}) {
    DeliveryQueue queue;
    queue.open({100, 1000});
    queue.add(delivery(1, 1, 0, first));
    queue.add(delivery(2, 1, 0, 50'000));
    queue.add(delivery(3, 1, 0, 1));
    CHECK(queue.in_flight() == (first == 1000 ? 1 : 2));
  }
}

TEST_CASE("a document larger than the window goes alone") {
  DeliveryQueue queue;
  queue.open({100, 1000});
  queue.add(delivery(1, 1, 0, 5000));
  queue.add(delivery(2, 1, 0, 1));
  CHECK(in_flight(queue) == Numbers{1});
  queue.acknowledge(StreamSequence(1), kIgnore);
  CHECK(in_flight(queue) == Numbers{2});
}

TEST_CASE("a window of nothing lets nothing through until it grows") {
  DeliveryQueue queue;
  queue.open({0, 1000});
  queue.add(delivery(1, 1));
  CHECK(queue.in_flight() == 0);
  queue.set_window({1, 0});
  CHECK(queue.in_flight() == 1);
}

TEST_CASE("an acknowledgement of a part finishes that part, once") {
  DeliveryQueue queue;
  queue.open(kWide);
  for (std::uint64_t i = 1; i <= 5; ++i) queue.add(delivery(i, 1));
  Numbers delivered;
  const auto note = [&](const PendingDelivery& d) { delivered.push_back(d.position.value); };
  queue.acknowledge(StreamSequence(2), note);
  queue.acknowledge(StreamSequence(2), note);
  queue.acknowledge(StreamSequence(1), note);
  CHECK(delivered == Numbers{1, 2});
  CHECK(queue.acknowledged() == StreamSequence(2));
  CHECK(queue.dispatched() == StreamSequence(5));
  CHECK(queue.at(StreamSequence(3)).position == Position(3));
  queue.acknowledge(StreamSequence(5), note);
  CHECK(delivered == Numbers{1, 2, 3, 4, 5});
  CHECK(queue.in_flight() == 0);
}

TEST_CASE("a closed queue keeps its sequences and gives out none until it is opened") {
  DeliveryQueue queue;
  queue.open(kWide);
  queue.add(delivery(1, 1));
  queue.close();
  queue.add(delivery(2, 1));
  queue.acknowledge(StreamSequence(1), kIgnore);
  CHECK(queue.dispatched() == StreamSequence(1));
  CHECK(queue.waiting() == 1);
  queue.open(kWide);
  CHECK(queue.at(StreamSequence(2)).position == Position(2));
}

TEST_CASE("what is not acknowledged is visited once, in flight and waiting") {
  DeliveryQueue queue;
  queue.open({3, 1 << 20});
  for (std::uint64_t i = 1; i <= 10; ++i) queue.add(delivery(i, static_cast<std::uint8_t>(i % 3)));
  queue.acknowledge(StreamSequence(2), kIgnore);
  std::multiset<std::uint64_t> visited;
  queue.for_each([&](const PendingDelivery& d) { visited.insert(d.position.value); });
  CHECK(visited.size() == 8);
  CHECK(std::set<std::uint64_t>(visited.begin(), visited.end()).size() == 8);
}

TEST_CASE("whatever comes and goes, nothing is lost, nothing goes twice, and each conversation keeps its order") {
  const auto seed = GENERATE(range(1u, 21u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  DeliveryQueue queue;
  DeliveryWindow window{4, 900};
  std::map<std::pair<std::uint32_t, std::uint8_t>, std::deque<std::uint64_t>> expected;
  std::uint64_t added = 0, finished = 0;
  const auto finish = [&](const PendingDelivery& d) {
    auto& conversation = expected[{d.sender.value, d.conversation.bytes[0]}];
    REQUIRE_FALSE(conversation.empty());
    REQUIRE(conversation.front() == d.position.value);
    conversation.pop_front();
    ++finished;
  };
  for (int step = 0; step < 3000; ++step) {
    const auto choice = random() % 10;
    if (choice < 5) {
      const auto d = delivery(++added, static_cast<std::uint8_t>(random() % 6), static_cast<std::uint8_t>(random() % 4),
                              static_cast<std::uint32_t>(random() % 500), static_cast<std::uint32_t>(random() % 2));
      expected[{d.sender.value, d.conversation.bytes[0]}].push_back(d.position.value);
      queue.add(d);
    } else if (choice < 8) {
      queue.acknowledge(StreamSequence(queue.acknowledged().value + random() % (queue.in_flight() + 1)), finish);
    } else if (choice == 8) {
      queue.close();
    } else {
      queue.open(window);
    }
    REQUIRE(queue.in_flight() <= window.items);
    REQUIRE(queue.in_flight() + queue.waiting() + finished == added);
  }
  queue.open(window);
  while (queue.in_flight() > 0) queue.acknowledge(queue.dispatched(), finish);
  CHECK(finished == added);
}

TEST_CASE("a delivery that is taken out of the queue leaves no trace in the order of the others") {
  for (std::uint64_t removed = 0; removed < 4; ++removed) {
    DeliveryQueue queue;
    const std::uint8_t urgencies[] = {0, 3, 0, 1};
    for (std::uint64_t i = 0; i < 4; ++i) queue.add(delivery(i, 1, urgencies[i]));
    queue.add(delivery(10, 2, 2));
    const PendingDelivery gone = delivery(removed, 1);
    REQUIRE(queue.remove(gone.sender, gone.conversation, gone.key()));
    CHECK_FALSE(queue.remove(gone.sender, gone.conversation, gone.key()));
    queue.add(delivery(11, 1));
    Numbers conversation;
    queue.open(kWide);
    for (const std::uint64_t number : in_flight(queue))
      if (number != 10) conversation.push_back(number);
    Numbers expected = {0, 1, 2, 3, 11};
    expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(removed));
    CHECK(conversation == expected);
    CHECK((in_flight(queue).front() == 10) == (removed == 1));  // nothing more urgent is left than 10
    CHECK(queue.waiting() == 0);
  }
}

TEST_CASE("the last delivery of a conversation can be taken out, and what is under way can't") {
  DeliveryQueue queue;
  const PendingDelivery only = delivery(1, 1), other = delivery(2, 2);
  queue.add(only);
  REQUIRE(queue.remove(only.sender, only.conversation, only.key()));
  queue.add(other);
  queue.open(kWide);
  CHECK(in_flight(queue) == Numbers{2});
  CHECK_FALSE(queue.remove(other.sender, other.conversation, other.key()));
}

}  // namespace hub::broker
