#include <catch2/catch.hpp>

#include "hub/broker/delivery_queue.hpp"

namespace hub::broker {
namespace {

PendingDelivery queued_at(std::uint32_t second, std::uint8_t conversation, std::uint8_t urgency = 0) {
  PendingDelivery delivery;
  delivery.conversation.bytes[0] = conversation;
  delivery.urgency = urgency;
  delivery.queued_s = second;
  return delivery;
}

void acknowledge(DeliveryQueue& queue, std::uint64_t stored) {
  queue.acknowledge(StreamSequence(stored), [](const PendingDelivery&) {});
}

}  // namespace

TEST_CASE("a queue tells since when its oldest delivery could go, and nothing once all are acknowledged") {
  DeliveryQueue queue;
  CHECK_FALSE(queue.oldest_queued_s().has_value());
  queue.add(queued_at(100, 1));
  queue.add(queued_at(100, 2));
  queue.add(queued_at(107, 3));
  CHECK(queue.oldest_queued_s() == 100u);
  queue.open({10, 1000});
  CHECK(queue.oldest_queued_s() == 100u);  // in flight counts as well as waiting
  acknowledge(queue, 1);
  CHECK(queue.oldest_queued_s() == 100u);
  acknowledge(queue, 2);
  CHECK(queue.oldest_queued_s() == 107u);
  acknowledge(queue, 3);
  CHECK_FALSE(queue.oldest_queued_s().has_value());
}

TEST_CASE("what more urgent deliveries pass stays the oldest until it is acknowledged itself") {
  DeliveryQueue queue;
  queue.add(queued_at(10, 1, 0));
  for (std::uint8_t i = 0; i < 5; ++i) queue.add(queued_at(20u + i, static_cast<std::uint8_t>(2 + i), 3));
  queue.open({1, 1000});  // one at a time: the urgent ones first
  for (std::uint64_t sequence = 1; sequence <= 5; ++sequence) {
    CHECK(queue.oldest_queued_s() == 10u);
    acknowledge(queue, sequence);
  }
  CHECK(queue.oldest_queued_s() == 10u);
  acknowledge(queue, 6);
  CHECK_FALSE(queue.oldest_queued_s().has_value());
}

TEST_CASE("a time before the one before it counts as that one") {
  DeliveryQueue queue;
  queue.add(queued_at(50, 1));
  queue.add(queued_at(40, 2));
  CHECK(queue.oldest_queued_s() == 50u);
  queue.open({10, 1000});
  acknowledge(queue, 2);
  CHECK_FALSE(queue.oldest_queued_s().has_value());
}

}  // namespace hub::broker
