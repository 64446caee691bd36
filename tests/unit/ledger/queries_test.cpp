// One document's history, and how the hub stands.
#include "tests/unit/ledger/ledger_bench.hpp"

using namespace hub;
using test::LedgerBench;

TEST_CASE("A trace tells a document's batch, outcomes, deliveries and what happened to them") {
  LedgerBench b;
  b.open(0);
  b.open(1);
  b.send({{.number = 1, .type = simulation::kForbiddenType}});
  b.send({{.number = 7}, {.number = 1, .to = "party-1,party-2"}});
  b.acknowledge(1, 2);
  b.settle();
  const std::string id = to_text(test::numbered(1));
  const auto trace = b.queries()->trace(id).value();
  CHECK(trace.document.id == id);
  CHECK(trace.document.accepted);
  CHECK(trace.batch_index == 1);
  REQUIRE(trace.batch);
  CHECK(trace.batch->count == 2);
  CHECK(trace.batch->sender == "party-0");
  REQUIRE(trace.deliveries.size() == 2);
  CHECK(trace.deliveries[0].delivery.state == "delivered");
  REQUIRE(trace.deliveries[0].events.size() == 1);
  CHECK(trace.deliveries[0].events[0].actor == b.scenery.parties[1].endpoint);
  CHECK(trace.deliveries[1].events.empty());
  REQUIRE(trace.related.size() == 1);
  CHECK(trace.related[0].relation == "refused-before");
  const auto json = ledger::to_json(trace);
  CHECK(json["document"]["outcomes"][0]["state"] == "delivered");
  CHECK(json["leaf"].get<std::string>().size() == 64);
}

TEST_CASE("A trace is found by position and by a delivery's id, too") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1}});
  b.follow();
  const auto by_id = b.queries()->trace(to_text(test::numbered(1))).value();
  CHECK(b.queries()->trace(std::to_string(by_id.document.position.value)).value().leaf == by_id.leaf);
  CHECK(b.queries()->trace(by_id.deliveries[0].delivery.id).value().leaf == by_id.leaf);
  CHECK(b.queries()->trace(by_id.deliveries[0].delivery.id + "-r77").value().leaf == by_id.leaf);
}

TEST_CASE("A trace of what is not there is not found") {
  LedgerBench b;
  b.follow();
  for (const std::string what : {"", "0", "18446744073709551616", "abc", "01020300-000000000099-0"})
    CHECK(b.queries()->trace(what).error().code == ErrorCode::not_found);
}

TEST_CASE("Related are conflicts, and the other documents of a conversation") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1}});
  b.send({{.number = 1, .text = "other"}});
  b.send({{.number = 2, .conversation = 1}});
  b.follow();
  const auto first = b.queries()->trace(to_text(test::numbered(1))).value();
  REQUIRE(first.related.size() == 2);
  CHECK(first.related[0].relation == "conflicting");
  CHECK(first.related[0].document.refusal == "document-id-conflict");
  CHECK(first.related[1].relation == "conversation");
  const auto second = b.queries()->trace(to_text(test::numbered(2))).value();
  REQUIRE(second.related.size() == 2);
  CHECK(second.related[0].relation == "conversation");
}

TEST_CASE("The facts of a refusal are told") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1, .type = "unknown/1"}});
  b.follow();
  const auto trace = b.queries()->trace(to_text(test::numbered(1))).value();
  CHECK(trace.document.refusal == "type-unknown");
  CHECK_FALSE(trace.facts.empty());
}

TEST_CASE("Status tells position, lag, counts, and who is connected or waits") {
  LedgerBench b;
  b.open(0);
  b.open(1);
  b.send({{.number = 1}, {.number = 2, .to = "party-2"}, {.number = 3, .type = simulation::kForbiddenType}});
  b.acknowledge(1, 1);
  b.settle();
  b.acknowledge(1, 1);
  const UnixMicros now(test::kStart.value + 5 * kMicrosPerSecond);
  const Position end = b.journal->durable_end();
  const auto status = b.queries()->status(end, now).value();
  CHECK(status.position == end);
  CHECK(status.lag_records == 0);
  CHECK(status.lag_micros == 0);
  CHECK(status.documents == 3);
  CHECK(status.accepted == 2);
  CHECK(status.hub_running == true);
  REQUIRE(status.endpoints.size() == 3);
  CHECK(status.endpoints[0].connected);
  CHECK(status.endpoints[2].pending == 1);
  CHECK(status.endpoints[2].oldest_pending == test::kStart);
  CHECK_FALSE(status.endpoints[2].since);
  const auto behind = b.queries()->status(Position(end.value + 4), now).value();
  CHECK(behind.lag_records == 4);
  CHECK(behind.lag_micros == 5 * kMicrosPerSecond);
  CHECK_FALSE(b.queries()->status(std::nullopt, now).value().lag_records);
  const auto json = ledger::to_json(behind);
  CHECK(json["deliveries"].dump() == R"({"delivered":1,"pending":1})");
  CHECK(json["lag_seconds"] == 5.0);
}

TEST_CASE("What is no ledger is missing") {
  LedgerBench b;
  CHECK(ledger::Queries::open(b.path()).error().code == ErrorCode::ledger_missing);
  REQUIRE(b.place.open()->execute("CREATE TABLE t (a INTEGER)"));
  CHECK(ledger::Queries::open(b.path()).error().code == ErrorCode::ledger_missing);
}

TEST_CASE("Readers are not in the writer's way, and see whole transactions") {
  LedgerBench b;
  b.open(0);
  b.send({{.number = 1}});
  b.follow();
  const auto reader = b.queries();
  CHECK(reader->documents({}).value().rows.size() == 1);
  b.send({{.number = 2}});
  b.follow();
  CHECK(reader->documents({}).value().rows.size() == 2);
}
