#include "hub/broker/endpoint_orders.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;

const crypto::SigningKey kPauser = crypto::SigningKey::from_seed({2});

struct PauseBench : CoreBench {
  PauseBench() { state.created.administrators = {kPauser.public_key()}; }

  EndpointOrder order(EndpointAction action, std::size_t index = 1) const {
    return {action, party(index).endpoint, streams(index).last_order, {journal_id, "bảo trì máy chủ", now}};
  }
  Result<EndpointOrdered> decided(const EndpointOrder& given, const crypto::SigningKey& by = kPauser) const {
    return decide_endpoint_order(state, journal_id, sign_endpoint_order(given, by));
  }
  std::optional<ErrorCode> refusal(const EndpointOrder& given, const crypto::SigningKey& by = kPauser) const {
    const auto order = decided(given, by);
    return order ? std::nullopt : std::optional(order.error().code);
  }
  Position carry_out(const EndpointOrder& given) { return apply(decided(given).value()); }
};

}  // namespace

TEST_CASE("a paused endpoint is sent nothing more, and all that waited when it goes on") {
  PauseBench bench;
  bench.connect(1);
  bench.take({.number = 1});
  CHECK(bench.streams(1).deliveries.in_flight() == 1);
  const Position pause = bench.carry_out(bench.order(EndpointAction::pause));
  CHECK(bench.streams(1).last_order == pause);
  bench.take({.number = 2});
  bench.take({.number = 3});
  bench.acknowledge(1, 1);
  CHECK(bench.streams(1).deliveries.in_flight() == 0);
  CHECK(bench.streams(1).deliveries.waiting() == 2);
  bench.connect(1);
  CHECK(bench.streams(1).deliveries.in_flight() == 0);
  bench.touched = {};
  bench.carry_out(bench.order(EndpointAction::resume));
  CHECK(bench.streams(1).deliveries.in_flight() == 2);
  CHECK(bench.streams(1).deliveries.waiting() == 0);
}

TEST_CASE("an endpoint's order becomes a record with the proof of it") {
  PauseBench bench;
  const auto order = bench.decided(bench.order(EndpointAction::pause));
  REQUIRE(order.has_value());
  CHECK(order->endpoint == bench.endpoint(1));
  CHECK(order->actor == "administrator:" + to_hex(crypto::key_id(kPauser.public_key())));
  CHECK(order->reason == "bảo trì máy chủ");
  CHECK(crypto::verify(kPauser.public_key(), as_bytes("coordination-hub endpoint v1\n" + order->statement),
                       order->signature));
}

TEST_CASE("an endpoint's order is good for once, and changes something") {
  PauseBench bench;
  const EndpointOrder once = bench.order(EndpointAction::pause);
  CHECK(bench.refusal(bench.order(EndpointAction::resume)) == ErrorCode::endpoint_pause_unchanged);
  bench.carry_out(once);
  CHECK(bench.refusal(once) == ErrorCode::endpoint_order_stale);
  CHECK(bench.refusal(bench.order(EndpointAction::pause)) == ErrorCode::endpoint_pause_unchanged);
  bench.carry_out(bench.order(EndpointAction::resume));
  CHECK(bench.refusal(once) == ErrorCode::endpoint_order_stale);
}

TEST_CASE("an endpoint's order of a stranger, or about what is not here, is refused") {
  PauseBench bench;
  CHECK(bench.refusal(bench.order(EndpointAction::pause), crypto::SigningKey::from_seed({3})) ==
        ErrorCode::administrator_unknown);
  EndpointOrder unknown = bench.order(EndpointAction::pause);
  unknown.endpoint = "nowhere/folder";
  CHECK(bench.refusal(unknown) == ErrorCode::order_invalid);
  EndpointOrder foreign = bench.order(EndpointAction::pause);
  foreign.basics.journal = {9};
  CHECK(bench.refusal(foreign) == ErrorCode::order_invalid);
}

}  // namespace hub::broker
