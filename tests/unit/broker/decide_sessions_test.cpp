#include <catch2/catch.hpp>

#include "hub/registry/credentials.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;

wire::Hello hello_of(const CoreBench& bench, std::size_t party) {
  wire::Hello hello;
  hello.endpoint = bench.party(party).endpoint;
  return hello;
}

ErrorCode connect_refusal(const CoreBench& bench, const wire::Hello& hello) {
  const auto connected = decide_connect(bench.state, bench.journal_id, bench.endpoint(0), hello);
  REQUIRE_FALSE(connected.has_value());
  return connected.error().code;
}

bool connects(const CoreBench& bench, const wire::Hello& hello) {
  return decide_connect(bench.state, bench.journal_id, bench.endpoint(0), hello).has_value();
}

wire::Acknowledge acknowledgement(wire::Stream stream, std::uint64_t stored, std::uint64_t items = 100,
                                  std::uint64_t bytes = 16 << 20) {
  return {stream, StreamSequence(stored), items, bytes};
}

// party-0 sent two documents to party-1, which is connected and has acknowledged the first.
void exchange(CoreBench& bench) {
  bench.connect(0);
  bench.connect(1);
  bench.take({.number = 1});
  bench.take({.number = 2});
  bench.acknowledge(1, 1);
}

}  // namespace

TEST_CASE("a first HELLO opens the next session, with windows cut to the largest that there is") {
  CoreBench bench;
  bench.connect(1);
  wire::Hello hello = hello_of(bench, 0);
  hello.deliveries_window_items = wire::kStreamWindowItemsMax + 1;
  hello.deliveries_window_bytes = wire::kStreamWindowBytesMax + 1;
  hello.software = "sdk 1";
  const auto connected = decide_connect(bench.state, bench.journal_id, bench.endpoint(0), hello);
  REQUIRE(connected.has_value());
  CHECK(connected->session == bench.state.last_session.next());
  CHECK(connected->window_items == wire::kStreamWindowItemsMax);
  CHECK(connected->window_bytes == wire::kStreamWindowBytesMax);
  CHECK(connected->software == "sdk 1");
}

TEST_CASE("a HELLO in another endpoint's name is refused") {
  const CoreBench bench;
  CHECK(connect_refusal(bench, hello_of(bench, 1)) == ErrorCode::endpoint_mismatch);
}

TEST_CASE("a HELLO without a common version is refused, and one with it is not") {
  const CoreBench bench;
  const auto with = [&](std::uint64_t low, std::uint64_t high) {
    wire::Hello hello = hello_of(bench, 0);
    hello.version_min = low;
    hello.version_max = high;
    return hello;
  };
  CHECK(connect_refusal(bench, with(2, 3)) == ErrorCode::version_unsupported);
  CHECK(connect_refusal(bench, with(0, 0)) == ErrorCode::version_unsupported);
  CHECK(connects(bench, with(0, 1)));
  CHECK(connects(bench, with(1, 9)));
}

TEST_CASE("a bulk connection is refused: it is for a later version") {
  const CoreBench bench;
  wire::Hello hello = hello_of(bench, 0);
  hello.connection = wire::Connection::bulk;
  CHECK(connect_refusal(bench, hello) == ErrorCode::bulk_reserved);
}

TEST_CASE("an endpoint that knows another journal is refused") {
  const CoreBench bench;
  wire::Hello hello = hello_of(bench, 0);
  hello.journal_id = bench.journal_id;
  CHECK(connects(bench, hello));
  hello.journal_id = Bytes<16>{9};
  CHECK(connect_refusal(bench, hello) == ErrorCode::journal_mismatch);
}

TEST_CASE("an endpoint that saw what the journal does not hold is refused, and at the end of it is not") {
  CoreBench bench;
  bench.connect(0);
  bench.connect(1);
  bench.take({.number = 1});
  bench.take({.number = 2, .to = "party-0", .source = "party-0"});  // a refusal: no delivery
  bench.acknowledge(1, 1);
  REQUIRE(bench.streams(0).receipts.last() == StreamSequence(1));
  REQUIRE(bench.streams(0).deliveries.dispatched() == StreamSequence(0));
  const auto with = [&](std::uint64_t position, std::uint64_t deliveries, std::uint64_t receipts) {
    wire::Hello hello = hello_of(bench, 0);
    hello.position_seen = Position(position);
    hello.deliveries_stored = StreamSequence(deliveries);
    hello.receipts_stored = StreamSequence(receipts);
    return hello;
  };
  const std::uint64_t end = bench.state.end.value;
  CHECK(connects(bench, with(end, 0, 1)));
  CHECK(connect_refusal(bench, with(end + 1, 0, 1)) == ErrorCode::journal_behind);
  CHECK(connect_refusal(bench, with(end, 1, 1)) == ErrorCode::journal_behind);
  CHECK(connect_refusal(bench, with(end, 0, 2)) == ErrorCode::journal_behind);
}

TEST_CASE("deliveries are acknowledged up to the last that was sent, and not beyond") {
  CoreBench bench;
  exchange(bench);
  const auto at = [&](std::uint64_t stored) {
    return decide_deliveries_acknowledged(bench.state, bench.endpoint(1),
                                          acknowledgement(wire::Stream::deliveries, stored));
  };
  REQUIRE(at(2).has_value());
  REQUIRE(at(2)->has_value());
  CHECK((*at(2))->stored == StreamSequence(2));
  REQUIRE_FALSE(at(3).has_value());
  CHECK(at(3).error().code == ErrorCode::frame_malformed);
}

TEST_CASE("an acknowledgement with nothing new makes no record, and one with another window does") {
  CoreBench bench;
  exchange(bench);
  const DeliveryWindow window = bench.streams(1).deliveries.window();
  const auto with = [&](std::uint64_t stored, std::uint64_t items) {
    return decide_deliveries_acknowledged(bench.state, bench.endpoint(1),
                                          acknowledgement(wire::Stream::deliveries, stored, items, window.bytes))
        .value();
  };
  CHECK_FALSE(with(1, window.items).has_value());
  CHECK_FALSE(with(0, window.items).has_value());
  const auto narrower = with(0, window.items - 1);
  REQUIRE(narrower.has_value());
  CHECK(narrower->stored == StreamSequence(1));  // never back
  CHECK(narrower->window_items == window.items - 1);
}

TEST_CASE("receipts are acknowledged up to the last that there is, and not beyond") {
  CoreBench bench;
  exchange(bench);
  const auto at = [&](std::uint64_t stored) {
    return decide_receipts_acknowledged(bench.state, bench.endpoint(0),
                                        acknowledgement(wire::Stream::receipts, stored));
  };
  CHECK_FALSE(at(0).value().has_value());
  CHECK(at(1).value()->stored == StreamSequence(1));
  CHECK_FALSE(at(2).has_value());
}

TEST_CASE("a party registers its own credentials, and nobody else's") {
  const CoreBench bench;
  const simulation::SimParty &own = bench.party(0), &other = bench.party(1);
  const auto fresh = crypto::SigningKey::from_seed({42});
  const auto decide = [&](const registry::Statement& statement, const crypto::SigningKey& root) {
    return decide_credential(bench.state, bench.endpoint(0), registry::sign_credential(statement, root));
  };
  const registry::Certificate certificate{own.id, fresh.public_key(), UnixMicros(0), UnixMicros(4)};
  const auto taken = decide(certificate, own.root);
  REQUIRE(taken.has_value());
  REQUIRE(taken->has_value());
  CHECK((*taken)->actor == "party:party-0");
  CHECK(decide(certificate, other.root).error().code == ErrorCode::certificate_invalid);

  registry::Certificate foreign = certificate;
  foreign.party = other.id;
  CHECK(decide(foreign, own.root).error().code == ErrorCode::sender_mismatch);
  const registry::Revocation unknown{own.id, crypto::key_id(fresh.public_key()), UnixMicros(1), "lost"};
  CHECK(decide(unknown, own.root).error().code == ErrorCode::key_unknown);
  for (const registry::Item& item : bench.scenery.items) {
    if (item.kind != registry::ItemKind::certificate || !item.id.starts_with(own.id + "/")) continue;
    const auto again = decide_credential(bench.state, bench.endpoint(0), item.canonical);
    REQUIRE(again.has_value());
    CHECK_FALSE(again->has_value());
  }
}

TEST_CASE("configuration that is registered already is no change, and what does not fit is refused whole") {
  const CoreBench bench;
  const auto same = decide_configuration(bench.state, bench.scenery.items, "administrator:test");
  REQUIRE(same.has_value());
  CHECK(same->empty());
  std::vector<registry::Item> items = simulation::make_scenery(4, 1).items;
  const auto grown = decide_configuration(bench.state, items, "administrator:test");
  REQUIRE(grown.has_value());
  CHECK(grown->size() == 3);  // a party, its certificate, the agreement that names it
  items.push_back({registry::ItemKind::party, "party-9", "{}"});
  CHECK_FALSE(decide_configuration(bench.state, items, "administrator:test").has_value());
}

}  // namespace hub::broker
