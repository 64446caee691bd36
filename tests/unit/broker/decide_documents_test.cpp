#include <catch2/catch.hpp>

#include "hub/registry/credentials.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;
using test::kStart;
using test::Note;
using test::SignedBatch;
using test::write;

UnixMicros later(std::int64_t micros) { return UnixMicros(kStart.value + micros); }

ErrorCode refusal(CoreBench& bench, const Note& note) {
  REQUIRE_FALSE(bench.decide(note).has_value());
  REQUIRE(bench.decided.refusal.has_value());
  CHECK_FALSE(bench.decided.accepted);
  CHECK(bench.decided.outcomes.empty());
  return *bench.decided.refusal;
}

std::string outcome(CoreBench& bench, const Note& note) {
  REQUIRE_FALSE(bench.decide(note).has_value());
  REQUIRE(bench.decided.outcomes.size() == 1);
  CHECK_FALSE(bench.decided.refusal.has_value());
  return std::string(bench.decided.outcomes[0].row.outcome);
}

}  // namespace

TEST_CASE("a permitted document is accepted under the clause that permits it") {
  CoreBench bench;
  CHECK(outcome(bench, {}) == wire::kAccepted);
  CHECK(bench.decided.accepted);
  const wire::OutcomeRow& row = bench.decided.outcomes[0].row;
  CHECK(row.agreement == "sim/notes");
  CHECK(row.agreement_version == 1);
  CHECK(row.clause == "notes");
  CHECK(row.actual == "party-1");
}

TEST_CASE("a document's record names its case where its type says so, permitted or not, and nothing when it does not fit") {
  CoreBench bench;
  using References = std::vector<std::string_view>;
  bench.decide(Note{.number = 1, .case_ref = "15/2022/VA-VKS"});
  CHECK(bench.decided.case_references == References{"15/2022/VA-VKS"});
  bench.decide(Note{.number = 2});
  CHECK(bench.decided.case_references.empty());
  CHECK(outcome(bench, {.number = 3, .to = "nobody", .case_ref = "16"}) == "recipient-unknown");
  CHECK(bench.decided.case_references == References{"16"});
  const std::string longest(registry::kCaseReferenceCharactersMax, 'x');
  bench.decide(Note{.number = 4, .case_ref = longest});
  CHECK(bench.decided.case_references == References{longest});
  CHECK(refusal(bench, {.number = 5, .case_ref = longest + "x"}) == ErrorCode::schema_violation);
  CHECK(bench.decided.case_references.empty());
}

TEST_CASE("an accepted document that comes again gets its position, and no record") {
  CoreBench bench;
  const Position position = bench.take({.number = 1});
  CHECK(bench.decide(Note{.number = 1}) == position);
}

TEST_CASE("an accepted id with another content is refused, and the first stays what it was") {
  CoreBench bench;
  const Position position = bench.take({.number = 1});
  CHECK(refusal(bench, {.number = 1, .text = "b"}) == ErrorCode::document_id_conflict);
  bench.apply(bench.decided);
  CHECK(bench.decide(Note{.number = 1}) == position);
}

TEST_CASE("two parties may use the same document id") {
  CoreBench bench;
  bench.take({.number = 1});
  CHECK_FALSE(bench.decide(write(Note{.number = 1, .to = "party-0", .source = "party-1"}), 1).has_value());
  CHECK(bench.decided.accepted);
}

TEST_CASE("a refusal consumes no id, and a resend is linked to it") {
  CoreBench bench;
  const Position refused = bench.take({.number = 1, .to = "nobody"});
  REQUIRE_FALSE(bench.decide(Note{.number = 1}).has_value());
  CHECK(bench.decided.accepted);
  CHECK(bench.decided.previous_refusal == refused);
}

TEST_CASE("a recipient whose endpoint does not list the version gets nothing, and the others do") {
  CoreBench bench;
  bench.change(registry::ItemKind::party, "party-1", [](nlohmann::json& party) {
    party["endpoints"][0]["accepts"] = {"note/2", "gossip/1"};
  });
  REQUIRE_FALSE(bench.decide(Note{.to = "party-1,party-2"}).has_value());
  REQUIRE(bench.decided.outcomes.size() == 2);
  CHECK(bench.decided.outcomes[0].row.outcome == "type-version-not-accepted");
  CHECK(bench.decided.outcomes[0].facts ==
        std::vector<Fact>{{"recipient", "party-1"}, {"type", "note/1"}, {"accepts", "gossip/1, note/2"}});
  CHECK(bench.decided.outcomes[1].row.outcome == wire::kAccepted);
  CHECK(bench.decided.accepted);
}

TEST_CASE("a recipient whose endpoint lists the version gets it, and what no clause permits stays forbidden") {
  CoreBench bench;
  bench.change(registry::ItemKind::party, "party-1",
               [](nlohmann::json& party) { party["endpoints"][0]["accepts"] = {"note/1"}; });
  CHECK(outcome(bench, {.number = 1}) == wire::kAccepted);
  CHECK(outcome(bench, {.number = 2, .type = simulation::kForbiddenType}) == "type-not-permitted");
}

TEST_CASE("a document as old as the horizon is taken, and one that is older is not") {
  CoreBench bench;
  CHECK(outcome(bench, {.time = later(-kHorizonMicros)}) == wire::kAccepted);
  CHECK(refusal(bench, {.time = later(-kHorizonMicros - 1)}) == ErrorCode::document_too_old);
}

TEST_CASE("a signed time may be ahead by the clocks' skew, and no further") {
  CoreBench bench;
  CHECK(outcome(bench, {.time = later(kClockSkewMicros)}) == wire::kAccepted);
  CHECK(refusal(bench, {.time = later(kClockSkewMicros + 1)}) == ErrorCode::document_from_future);
}

TEST_CASE("an id is remembered for as long as its document could be taken again") {
  CoreBench bench;
  const Note ahead{.number = 1, .time = later(kClockSkewMicros)};
  const Position position = bench.take(ahead);
  bench.now = later(kHorizonMicros + kClockSkewMicros);  // the last moment at which it is not too old
  bench.apply(HubStopped{});
  CHECK(bench.decide(ahead) == position);
}

TEST_CASE("recipients that get nothing are told why") {
  CoreBench bench;
  CHECK(outcome(bench, {.to = "nobody"}) == "recipient-unknown");
  CHECK(outcome(bench, {.to = "party-0"}) == "recipient-is-sender");
  CHECK(outcome(bench, {.type = simulation::kForbiddenType}) == "type-not-permitted");
  CHECK_FALSE(bench.decided.accepted);
}

TEST_CASE("before an agreement is in force nothing passes") {
  CoreBench bench;
  const UnixMicros in_force = start_of(*parse_date("2024-01-01"));
  bench.now = UnixMicros(in_force.value - 1);
  CHECK(outcome(bench, {.time = bench.now}) == "agreement-not-in-force");
  bench.now = in_force;
  CHECK(outcome(bench, {.time = bench.now}) == wire::kAccepted);
}

TEST_CASE("a document of which one recipient is permitted is accepted for that one") {
  CoreBench bench;
  REQUIRE_FALSE(bench.decide(Note{.to = "party-0,party-2,nobody"}).has_value());
  CHECK(bench.decided.accepted);
  REQUIRE(bench.decided.outcomes.size() == 3);
  CHECK(bench.decided.outcomes[0].row.outcome == "recipient-is-sender");
  CHECK(bench.decided.outcomes[1].row.accepted());
  CHECK(bench.decided.outcomes[2].row.outcome == "recipient-unknown");
  for (const Outcome& o : bench.decided.outcomes) CHECK(wire::read_row(o.bytes).value().outcome == o.row.outcome);
  bench.apply(bench.decided, 10);
  CHECK(bench.streams(2).deliveries.waiting() == 1);
  CHECK(bench.streams(1).deliveries.waiting() == 0);
  CHECK(bench.streams(0).deliveries.waiting() == 0);
}

TEST_CASE("a batch is refused from the moment at which its key was revoked") {
  CoreBench bench;
  const simulation::SimParty& own = bench.party(0);
  const crypto::KeyId key = crypto::key_id(own.signing.public_key());
  const std::string text = registry::sign_credential(registry::Revocation{own.id, key, later(10), "lost"}, own.root);
  bench.apply(decide_credential(bench.state, bench.endpoint(0), text).value().value());
  const SignedBatch batch(own, {write(Note{})});
  bench.prepare(batch);
  CHECK_FALSE(decide_batch(bench.state, bench.batch, later(9)).has_value());
  const auto refused = decide_batch(bench.state, bench.batch, later(10));
  REQUIRE(refused.has_value());
  CHECK(refused->code == ErrorCode::key_revoked);
}

TEST_CASE("a timed document waits until its time, and goes with the schedule's record") {
  CoreBench bench;
  bench.connect(1);
  bench.take({.urgency = 4, .deliver_at = later(100)});
  CHECK(bench.streams(1).deliveries.in_flight() == 0);
  CHECK_FALSE(decide_schedule(bench.state, later(99)).has_value());
  const auto due = decide_schedule(bench.state, later(100));
  REQUIRE(due.has_value());
  bench.now = later(100);
  bench.apply(*due);
  REQUIRE(bench.streams(1).deliveries.in_flight() == 1);
  CHECK(bench.streams(1).deliveries.at(StreamSequence(1)).urgency == 3);
  CHECK_FALSE(decide_schedule(bench.state, later(200)).has_value());
}

TEST_CASE("a timed document whose time has passed goes at once") {
  CoreBench bench;
  bench.connect(1);
  bench.take({.urgency = 4, .deliver_at = kStart});
  CHECK(bench.streams(1).deliveries.in_flight() == 1);
  CHECK(bench.state.schedule.empty());
}

TEST_CASE("an acknowledged delivery becomes a receipt of its sender") {
  CoreBench bench;
  bench.connect(1);
  const Position position = bench.take({.number = 1, .to = "nobody,party-1"});
  bench.acknowledge(1, 1);
  const ReceiptQueue& receipts = bench.streams(0).receipts;
  REQUIRE(receipts.last() == StreamSequence(1));
  const PendingReceipt& receipt = receipts.at(StreamSequence(1));
  CHECK(receipt.document == position);
  CHECK(receipt.id == test::numbered(1));
  CHECK(receipt.outcome_index == 1);
  CHECK(receipt.record.value + 1 == bench.state.end.value);
}

TEST_CASE("a start of the hub ends every session, and what was on its way keeps its sequence") {
  CoreBench bench;
  bench.connect(1);
  bench.take({.number = 1});
  bench.apply(HubStarted{"test"});
  CHECK(bench.streams(1).session == SessionId(0));
  bench.take({.number = 2});
  CHECK(bench.streams(1).deliveries.dispatched() == StreamSequence(1));
  bench.connect(1);
  CHECK(bench.streams(1).deliveries.dispatched() == StreamSequence(2));
}

TEST_CASE("the end of a session that was superseded does not end its successor") {
  CoreBench bench;
  bench.connect(1);
  const SessionId first = bench.streams(1).session;
  bench.connect(1);
  bench.apply(EndpointDisconnected{bench.endpoint(1), first, "goodbye"});
  CHECK(bench.streams(1).session == first.next());
}

}  // namespace hub::broker
