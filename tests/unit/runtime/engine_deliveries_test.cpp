// Reports, orders and resends through the engine.
#include <catch2/catch.hpp>

#include "hub/broker/orders.hpp"
#include "hub/wire/report.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;
using test::write;
using wire::DeliveryStatus;
using wire::Kind;
using Kinds = std::vector<Kind>;

const crypto::SigningKey& administrator() {
  static const auto key = crypto::SigningKey::from_seed({9});
  return key;
}

struct DeliveriesBench : EngineBench {
  DeliveriesBench() {
    state.created.administrators = {administrator().public_key()};
    open(0);
    open(1);
  }
  // A note to party-1, delivered.
  Position deliver() {
    submit(0, {write({})});
    commit();
    const Position position = wire::read_results(payload(0, Kind::results))->results[0].position;
    acknowledge(1, 1);
    commit();
    network.sent.clear();
    return position;
  }
  void report(Position document, DeliveryStatus status, std::string_view reason = {}, Position replay = {}) {
    wire::Report message{5, {document, 0, replay}, status, reason, clock.time, {}, false};
    if (status == DeliveryStatus::failed) message.cause = "delivery-not-stored";
    say(1, message);
  }
  wire::Answer answer() const { return wire::read_answer(payload(1, Kind::answer)).value(); }
  std::string order(broker::OrderAction action, Position document) const {
    const auto* entry = state.book.find_last(document, 0);
    return broker::sign_order({action, wire::delivery_id(journal->id(), {document, 0, {}}), entry->last_record,
                               {journal->id(), "mất hộp thư", clock.time}},
                              administrator());
  }
};

}  // namespace

TEST_CASE("a report is answered, and its receipt leaves, once it is durable") {
  DeliveriesBench bench;
  const Position document = bench.deliver();
  bench.report(document, DeliveryStatus::refused, "không thuộc thẩm quyền");
  CHECK(bench.network.sent.empty());
  bench.commit();
  CHECK(bench.answer().request == 5);
  CHECK_FALSE(bench.answer().refusal);
  const auto receipts = wire::read_receipts(bench.payload(0, Kind::receipts));
  REQUIRE(receipts);
  CHECK(receipts->receipts[0].status == DeliveryStatus::refused);
  CHECK(receipts->receipts[0].reason == "không thuộc thẩm quyền");
  CHECK(receipts->receipts[0].record == bench.answer().position);
}

TEST_CASE("a report on a delivery of another party is refused without a record") {
  DeliveriesBench bench;
  const Position document = bench.deliver();
  const Position end = bench.journal->end();
  bench.say(0, wire::Report{6, {document, 0, {}}, DeliveryStatus::finished, {}, bench.clock.time, {}, false});
  CHECK(wire::read_answer(bench.payload(0, Kind::answer))->refusal->code == ErrorCode::delivery_unknown);
  CHECK(bench.journal->end() == end);
}

TEST_CASE("a replay goes out again with its own position, and under the clause of now") {
  DeliveriesBench bench;
  const Position document = bench.deliver();
  bench.engine->begin_turn();
  const auto record = bench.engine->on_order(bench.order(broker::OrderAction::replay, document));
  REQUIRE(record);
  bench.engine->end_turn();
  bench.commit();
  const auto deliveries = wire::read_deliveries(bench.payload(1, Kind::deliveries));
  REQUIRE(deliveries);
  CHECK(deliveries->groups[0].deliveries[0].position == document);
  CHECK(deliveries->groups[0].deliveries[0].replay == *record);
  CHECK(bench.engine->on_order(bench.order(broker::OrderAction::stop, document)).error().code ==
        ErrorCode::order_not_possible);  // the first delivery is over
}

TEST_CASE("a failed delivery goes out again when its time has come") {
  DeliveriesBench bench;
  bench.submit(0, {write({})});
  bench.commit();
  const Position document = wire::read_results(bench.payload(0, Kind::results))->results[0].position;
  bench.report(document, DeliveryStatus::failed, "No space left");
  bench.acknowledge(1, 1);
  bench.commit();
  CHECK(bench.kinds(0) == Kinds{Kind::results});  // no receipt: it was not delivered
  bench.network.sent.clear();
  bench.tick_at(UnixMicros(bench.clock.time.value + 5 * kMicrosPerSecond));
  bench.commit();
  REQUIRE(wire::read_deliveries(bench.payload(1, Kind::deliveries)));
  bench.acknowledge(1, 2);
  bench.commit();
  CHECK(wire::read_receipts(bench.payload(0, Kind::receipts))->receipts[0].status == DeliveryStatus::delivered);
}

TEST_CASE("a resend after a refusal by the recipient's system is delivered again under a record of its own") {
  DeliveriesBench bench;
  const Position document = bench.deliver();
  bench.report(document, DeliveryStatus::refused, "sai thể thức");
  bench.commit();
  bench.say(0, wire::Acknowledge{wire::Stream::receipts, StreamSequence(2), 100, 0});
  bench.commit();
  bench.network.sent.clear();
  bench.submit(0, {write({})}, 2);
  bench.commit();
  const auto results = wire::read_results(bench.payload(0, Kind::results));
  REQUIRE(results);
  CHECK_FALSE(results->results[0].again);
  CHECK(results->results[0].position > document);
  CHECK(bench.kinds(1) == Kinds{Kind::deliveries});
  bench.submit(0, {write({})}, 3);
  bench.commit();
  CHECK(wire::read_results(bench.payload(0, Kind::results))->results[0].again);
}

TEST_CASE("a resend that nobody new may get is answered as before, with the reasons of now") {
  DeliveriesBench bench;
  bench.submit(0, {write({.to = "party-1,nobody"})});
  bench.commit();
  const auto first = wire::read_results(bench.payload(0, Kind::results));
  const Position position = first->results[0].position;
  const Position end = bench.journal->end();
  bench.network.sent.clear();
  bench.submit(0, {write({.to = "party-1,nobody"})}, 2);
  bench.commit();
  const auto again = wire::read_results(bench.payload(0, Kind::results));
  REQUIRE(again);
  CHECK(again->results[0].again);
  CHECK(again->results[0].position == position);
  CHECK(again->results[0].rows[1].facts == std::vector<Fact>{{"recipient", "nobody"}});
  CHECK(bench.journal->end() == end);
}

}  // namespace hub::runtime
