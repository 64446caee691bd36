#include "hub/broker/receipt_queue.hpp"

#include <catch2/catch.hpp>

namespace hub::broker {
namespace {

PendingReceipt receipt(std::uint64_t record) {
  PendingReceipt out;
  out.record = Position(record);
  return out;
}

}  // namespace

TEST_CASE("receipts are numbered from one, in the order in which they came to be") {
  ReceiptQueue queue;
  CHECK(queue.last() == StreamSequence(0));
  for (std::uint64_t i = 1; i <= 40; ++i) queue.add(receipt(100 + i));
  CHECK(queue.last() == StreamSequence(40));
  for (std::uint64_t i = 1; i <= 40; ++i) CHECK(queue.at(StreamSequence(i)).record == Position(100 + i));
}

TEST_CASE("acknowledged receipts go, and the others keep their numbers") {
  ReceiptQueue queue;
  for (std::uint64_t i = 1; i <= 5; ++i) queue.add(receipt(i));
  queue.acknowledge(StreamSequence(3));
  queue.acknowledge(StreamSequence(2));
  CHECK(queue.acknowledged() == StreamSequence(3));
  CHECK(queue.at(StreamSequence(4)).record == Position(4));
  queue.add(receipt(6));
  CHECK(queue.at(StreamSequence(6)).record == Position(6));
}

TEST_CASE("an acknowledgement covers no receipt that does not exist yet") {
  ReceiptQueue queue;
  queue.add(receipt(1));
  queue.acknowledge(StreamSequence(9));
  CHECK(queue.acknowledged() == StreamSequence(1));
  CHECK(queue.last() == StreamSequence(1));
}

}  // namespace hub::broker
