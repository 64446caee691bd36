#include <catch2/catch.hpp>

#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;
using test::kStart;
using wire::Kind;
using Kinds = std::vector<Kind>;

constexpr std::int64_t kInterval = std::int64_t{wire::kHeartbeatMillis} * 1000;

UnixMicros after(std::int64_t micros) { return UnixMicros(kStart.value + micros); }

}  // namespace

TEST_CASE("WELCOME leaves once the session's record is durable, and not before") {
  EngineBench bench;
  bench.hello(0);
  CHECK(bench.kinds(0).empty());
  bench.commit();
  CHECK(bench.kinds(0) == Kinds{Kind::welcome});
  const auto welcome = wire::read_welcome(bench.payload(0, Kind::welcome));
  REQUIRE(welcome.has_value());
  CHECK(welcome->origin == test::kOrigin);
  CHECK(welcome->party == "party-0");
  CHECK(welcome->durable_end == bench.journal->durable_end());
  CHECK(bench.in_session(0));
}

TEST_CASE("without HELLO nothing is taken") {
  EngineBench bench;
  bench.say(0, wire::Heartbeat{kStart});
  bench.commit();
  CHECK(bench.error(0) == ErrorCode::hello_required);
  const Position end = bench.journal->end();
  bench.submit(0, {test::write({})});
  CHECK(bench.error(0) == ErrorCode::hello_required);
  CHECK(bench.journal->end() == end);
}

TEST_CASE("a second HELLO on a connection is refused, and the session goes on") {
  EngineBench bench;
  bench.open(0);
  const SessionId session = bench.streams(0).session;
  bench.hello(0);
  bench.commit();
  CHECK(bench.error(0) == ErrorCode::frame_malformed);
  CHECK(bench.streams(0).session == session);
  bench.submit(0, {test::write({})});
  bench.commit();
  CHECK(bench.outcomes(0) == std::vector<std::string>{"accepted"});
}

TEST_CASE("a new connection of an endpoint takes the session over, and the old one is told") {
  EngineBench bench;
  bench.open(1);
  const SessionId first = bench.streams(1).session;
  bench.hello(11);
  bench.commit();
  CHECK(bench.goodbye(1) == ErrorCode::session_superseded);
  CHECK(bench.kinds(11) == Kinds{Kind::welcome});
  CHECK(bench.streams(1).session > first);
  bench.network.sent.clear();
  bench.say(1, wire::Heartbeat{kStart});
  bench.commit();
  CHECK(bench.error(1) == ErrorCode::hello_required);
  CHECK(bench.in_session(1));
}

TEST_CASE("the answer to a superseded session does not reach its successor's window") {
  EngineBench bench;
  bench.open(0);
  bench.submit(0, {test::write({})});
  bench.hello(10);
  bench.commit();
  CHECK(bench.kinds(10) == Kinds{Kind::welcome});
  // A window that had been given back twice would have wrapped around, and would refuse this.
  bench.submit(10, {test::write({.number = 2})});
  bench.commit();
  CHECK(bench.outcomes(10) == std::vector<std::string>{"accepted"});
}

TEST_CASE("HELLO in another endpoint's name ends the connection") {
  EngineBench bench;
  wire::Hello message;
  message.endpoint = bench.scenery.parties[1].endpoint;
  bench.say(0, message);
  CHECK(bench.goodbye(0) == ErrorCode::endpoint_mismatch);
  CHECK_FALSE(bench.in_session(0));
  CHECK_FALSE(bench.in_session(1));
}

TEST_CASE("a key that no endpoint has is sent away") {
  EngineBench bench;
  bench.engine->begin_turn();
  Buffer bytes;
  wire::write(bytes, wire::Heartbeat{kStart});
  CHECK(bench.engine->on_frame(ports::ConnectionId(5), Bytes<32>{9}, bytes));
  bench.engine->end_turn();
  CHECK(bench.goodbye(5) == ErrorCode::endpoint_revoked);
}

TEST_CASE("a frame that only the hub sends, and one that is cut, are refused and end nothing") {
  EngineBench bench;
  bench.open(0);
  bench.say(0, wire::Answer{});
  bench.commit();
  CHECK(bench.error(0) == ErrorCode::message_kind_unknown);
  bench.frame(0, Buffer{static_cast<std::uint8_t>(Kind::submit), 1, 0x81});
  bench.commit();
  CHECK(bench.error(0) == ErrorCode::frame_malformed);
  CHECK(bench.in_session(0));
}

TEST_CASE("silence of three heartbeats ends the session only when it is exceeded") {
  EngineBench bench;
  bench.open(0);
  bench.tick_at(after(kInterval * wire::kHeartbeatsMissedMax));
  bench.commit();
  CHECK(bench.in_session(0));
  CHECK_FALSE(bench.goodbye(0).has_value());
  bench.tick_at(after(kInterval * wire::kHeartbeatsMissedMax + 1));
  CHECK(bench.goodbye(0) == ErrorCode::heartbeat_missed);
  CHECK_FALSE(bench.in_session(0));
}

TEST_CASE("any frame is a sign of life") {
  EngineBench bench;
  bench.open(0);
  bench.clock.time = after(kInterval);
  bench.say(0, wire::Heartbeat{kStart});
  bench.tick_at(after(kInterval * (wire::kHeartbeatsMissedMax + 1)));
  CHECK(bench.in_session(0));
}

TEST_CASE("the hub sends a heartbeat after an interval of its own silence, and once") {
  EngineBench bench;
  bench.open(0);
  bench.tick_at(after(kInterval - 1));
  CHECK(bench.kinds(0).empty());
  bench.tick_at(after(kInterval));
  CHECK(bench.kinds(0) == Kinds{Kind::heartbeat});
  bench.tick_at(after(kInterval + 1));
  CHECK(bench.kinds(0) == Kinds{Kind::heartbeat});
}

TEST_CASE("GOODBYE ends the session, and the endpoint may come again") {
  EngineBench bench;
  bench.open(0);
  bench.say(0, wire::Goodbye{});
  CHECK_FALSE(bench.in_session(0));
  bench.hello(10);
  bench.commit();
  CHECK(bench.kinds(10) == Kinds{Kind::welcome});
}

TEST_CASE("a hub that stops says so to everybody") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  bench.engine->stop();
  CHECK(bench.goodbye(0) == ErrorCode::hub_stopping);
  CHECK(bench.goodbye(1) == ErrorCode::hub_stopping);
}

TEST_CASE("strangers are counted together, in one record a minute") {
  EngineBench bench;
  const Position end = bench.journal->end();
  bench.engine->on_strangers(3);
  bench.tick_at(after(60 * kMicrosPerSecond - 1));
  bench.engine->on_strangers(4);
  CHECK(bench.journal->end() == end);
  bench.tick_at(after(60 * kMicrosPerSecond));
  CHECK(bench.journal->end() == end.next());
  bench.tick_at(after(200 * kMicrosPerSecond));
  CHECK(bench.journal->end() == end.next());
}

TEST_CASE("record time never goes back, though the clock does") {
  EngineBench bench;
  bench.clock.time = after(-1'000'000);
  bench.open(0);
  CHECK(bench.state.time == kStart);
  CHECK(bench.in_session(0));
}

}  // namespace hub::runtime
