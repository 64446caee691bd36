// Documents, deliveries and receipts through the engine.
#include <catch2/catch.hpp>

#include "hub/registry/credentials.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;
using test::kStart;
using test::write;
using wire::Kind;
using Kinds = std::vector<Kind>;
using Outcomes = std::vector<std::string>;

constexpr std::size_t kLongText = 4900;

std::vector<Buffer> notes(std::size_t count, std::uint64_t first, std::size_t text_bytes = 1) {
  std::vector<Buffer> out;
  for (std::uint64_t i = 0; i < count; ++i)
    out.push_back(write({.number = first + i, .text = std::string(text_bytes, 'x')}));
  return out;
}

}  // namespace

TEST_CASE("neither the answer nor the delivery leaves before the document is durable") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  bench.submit(0, {write({})});
  CHECK(bench.network.sent.empty());
  auto group = bench.engine->take_group();
  REQUIRE(bench.journal->write(*group).has_value());
  bench.engine->begin_turn();
  bench.engine->end_turn();
  CHECK(bench.network.sent.empty());  // written, and not yet known to be durable
  bench.engine->group_durable(std::move(group));
  bench.engine->end_turn();
  CHECK(bench.kinds(0) == Kinds{Kind::results});
  CHECK(bench.kinds(1) == Kinds{Kind::credentials, Kind::deliveries});
}

TEST_CASE("a delivery that was acknowledged comes back to its sender as a receipt") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  bench.submit(0, {write({})});
  bench.commit();
  bench.network.sent.clear();
  bench.acknowledge(1, 1);
  CHECK(bench.network.sent.empty());
  bench.commit();
  CHECK(bench.kinds(0) == Kinds{Kind::receipts});
  CHECK(bench.kinds(1).empty());
}

TEST_CASE("what was not acknowledged goes again to the next session, and what was stored does not") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  bench.submit(0, notes(2, 1));
  bench.commit();
  bench.hello(11, /*deliveries_stored=*/1);
  bench.commit();
  const auto again = wire::read_deliveries(bench.payload(11, Kind::deliveries));
  REQUIRE(again.has_value());
  CHECK(again->first == StreamSequence(2));
  CHECK(bench.kinds(0) == Kinds{Kind::results, Kind::receipts});
}

TEST_CASE("a delivery that has not left yet can't be acknowledged") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  bench.submit(0, {write({})});
  REQUIRE(bench.streams(1).deliveries.dispatched() == StreamSequence(1));
  bench.acknowledge(1, 1);
  bench.commit();
  CHECK(bench.error(1) == ErrorCode::frame_malformed);
  CHECK(bench.streams(1).deliveries.acknowledged() == StreamSequence(0));
}

TEST_CASE("a document that comes again gets its first answer, and is delivered once") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  bench.submit(0, {write({})});
  bench.commit();
  const auto first = wire::read_results(bench.payload(0, Kind::results)).value().results[0];
  const Position end = bench.journal->end();
  bench.clock.time = UnixMicros(kStart.value + 5);
  bench.submit(0, {write({})}, 2);
  bench.commit();
  const auto second = wire::read_results(bench.payload(0, Kind::results)).value();
  CHECK(second.batch == 2);
  CHECK(second.results[0].again);
  CHECK(second.results[0].position == first.position);
  CHECK(second.results[0].leaf == first.leaf);
  CHECK(second.results[0].time == first.time);
  CHECK(bench.journal->end() == end);
  CHECK(bench.streams(1).deliveries.dispatched() == StreamSequence(1));
}

TEST_CASE("the same document twice in a batch is accepted once") {
  EngineBench bench;
  bench.open(0);
  bench.submit(0, {write({}), write({})});
  bench.commit();
  CHECK(bench.outcomes(0) == Outcomes{"accepted", "accepted"});
  CHECK(bench.streams(1).deliveries.waiting() == 1);
}

TEST_CASE("a batch with a broken signature is refused whole, in one record, document by document in the answer") {
  EngineBench bench;
  bench.open(0);
  test::SignedBatch batch(bench.scenery.parties[0], notes(3, 1));
  batch.submit.signature[0] ^= 1;
  const Position end = bench.journal->end();
  bench.say(0, batch.submit);
  bench.commit();
  CHECK(bench.outcomes(0) == Outcomes(3, "signature-invalid"));
  CHECK(bench.journal->end() == end.next());
}

TEST_CASE(
    "a document with a secrecy mark leaves nothing but a refusal with its code, and its companions may come again") {
  EngineBench bench;
  bench.open(0);
  const Buffer marked = write({.number = 1, .text = "TUYỆT MẬT: kế hoạch", .subject = "Báo cáo"});
  const Position end = bench.journal->end();
  bench.submit(0, {marked, write({.number = 2})});
  bench.commit();
  CHECK(bench.journal->end() == end);
  CHECK(bench.kinds(0).back() == Kind::error);
  bench.submit(0, {marked}, 2);
  bench.commit();
  CHECK(bench.outcomes(0) == Outcomes{"secrecy-mark"});
  CHECK(bench.journal->end() == end.next());
  bench.submit(0, {write({.number = 2})}, 3);
  bench.commit();
  CHECK(bench.outcomes(0) == Outcomes{"accepted"});
  Buffer scratch;
  for (Position at = end; at < bench.journal->end(); at = at.next()) {
    const auto view = bench.journal->read(at, scratch);
    REQUIRE(view);
    const std::string bytes(view->metadata.begin(), view->metadata.end());
    CHECK(bytes.find("TUY") == bytes.npos);
    const crypto::Digest digest = crypto::sha256(marked);
    CHECK(bytes.find(std::string(digest.begin(), digest.end())) == bytes.npos);
  }
}

TEST_CASE("a revocation acts on the next batch, before it is even durable") {
  EngineBench bench;
  bench.open(0);
  const simulation::SimParty& own = bench.scenery.parties[0];
  const std::string text = registry::sign_credential(
      registry::Revocation{own.id, crypto::key_id(own.signing.public_key()), kStart, "lost"}, own.root);
  bench.submit(0, notes(1, 1));
  bench.say(0, wire::Credential{1, text});
  bench.submit(0, notes(2, 2));
  bench.commit();
  CHECK(bench.kinds(0) == Kinds{Kind::results, Kind::answer, Kind::results});
  CHECK(bench.outcomes(0) == Outcomes(2, "key-revoked"));
  CHECK_FALSE(wire::read_answer(bench.payload(0, Kind::answer)).value().refusal.has_value());
}

TEST_CASE("so many documents may be unanswered, and not one more; an answer gives them back") {
  EngineBench bench(test::journal_options(8 << 20, 9 << 20));
  bench.open(0);
  const std::size_t batches = wire::kSubmitWindowDocuments / wire::kBatchDocumentsMax;
  for (std::uint64_t i = 0; i < batches; ++i)
    REQUIRE(bench.submit(0, notes(wire::kBatchDocumentsMax, i * wire::kBatchDocumentsMax), i));
  const Position end = bench.journal->end();
  CHECK(end.value > wire::kSubmitWindowDocuments);
  REQUIRE(bench.submit(0, notes(1, 100'000), 77));
  CHECK(bench.journal->end() == end);
  bench.commit();
  CHECK(bench.kinds(0).size() == batches + 1);
  const auto refused = wire::read_error(bench.payload(0, Kind::error));
  REQUIRE(refused.has_value());
  CHECK(refused->error.code == ErrorCode::submit_credit_exceeded);
  CHECK(refused->batch == 77);
  REQUIRE(bench.submit(0, notes(1, 100'000), 78));
  bench.commit();
  CHECK(bench.outcomes(0) == Outcomes{"accepted"});
}

TEST_CASE("so many bytes may be unanswered, and not one more") {
  EngineBench bench(test::journal_options(8 << 20, 9 << 20));
  bench.open(0);
  std::size_t left = wire::kSubmitWindowBytes / wire::kDocumentBytesMax;
  while (left > 0) {  // unreadable documents: what counts is what they weigh
    const std::size_t count = std::min<std::size_t>(left, 3);
    REQUIRE(bench.submit(0, std::vector<Buffer>(count, Buffer(wire::kDocumentBytesMax, 0xc1))));
    left -= count;
  }
  CHECK(bench.submit(0, {Buffer(1, 0xc1)}));
  bench.commit();
  CHECK(bench.error(0) == ErrorCode::submit_credit_exceeded);
  CHECK(bench.outcomes(0).front() == "document-malformed");
}

TEST_CASE("a frame for which the group has no room changes nothing, and is taken after the commit") {
  EngineBench bench(test::journal_options(256 << 10, 4 << 20));
  bench.open(0);
  std::uint64_t number = 0;
  while (bench.submit(0, notes(5, number, kLongText), number)) number += 5;
  REQUIRE(number > 0);
  const Position end = bench.journal->end();
  const crypto::Digest hash = broker::state_hash(bench.state);
  CHECK_FALSE(bench.submit(0, notes(5, number, kLongText), number));
  CHECK(bench.journal->end() == end);
  CHECK(broker::state_hash(bench.state) == hash);
  CHECK(bench.network.sent.empty());
  bench.commit();
  CHECK(bench.submit(0, notes(5, number, kLongText), number));
  bench.commit();
  CHECK(bench.outcomes(0) == Outcomes(5, "accepted"));
}

TEST_CASE("when space runs low documents are refused, and deliveries and receipts still flow") {
  EngineBench bench(test::journal_options(256 << 10, 2 << 20));
  bench.open(0);
  bench.disk.limit_capacity(3 << 20);  // no room for a second segment
  std::uint64_t number = 0;
  while (!bench.journal->low_on_space()) {
    REQUIRE(bench.submit(0, notes(5, number, kLongText), number));
    number += 5;
    bench.commit();
    if (bench.journal->wants_segment()) {
      const auto made = bench.journal->prepare_segment();
      REQUIRE_FALSE(made.has_value());
      REQUIRE(made.error().code == ErrorCode::storage_full);
    }
  }
  const Position end = bench.journal->end();
  REQUIRE(bench.submit(0, notes(1, number), 99));
  CHECK(bench.journal->end() == end);
  CHECK(bench.error(0) == ErrorCode::storage_full);
  CHECK(bench.engine->record_probe().error().code == ErrorCode::storage_full);
  CHECK(wire::read_error(bench.payload(0, Kind::error)).value().batch == 99);
  bench.hello(1);
  bench.commit();
  const auto delivered = wire::read_deliveries(bench.payload(1, Kind::deliveries));
  REQUIRE(delivered.has_value());
  bench.acknowledge(1, 1);
  bench.commit();
  CHECK(bench.kinds(0).back() == Kind::receipts);

  bench.disk.limit_capacity(16 << 20);
  REQUIRE(bench.journal->prepare_segment().has_value());
  REQUIRE(bench.submit(0, notes(1, number), 100));
  bench.commit();
  CHECK(bench.outcomes(0) == Outcomes{"accepted"});
}

TEST_CASE("a timed document is delivered by the first tick after its time") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  const UnixMicros due(kStart.value + 1000);
  bench.submit(0, {write({.urgency = 4, .deliver_at = due})});
  bench.commit();
  bench.tick_at(UnixMicros(due.value - 1));
  bench.commit();
  CHECK(bench.kinds(1).empty());
  bench.tick_at(due);
  bench.commit();
  CHECK(bench.kinds(1) == Kinds{Kind::credentials, Kind::deliveries});
}

TEST_CASE("a replay of the journal gives the state that made it") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  bench.submit(0, notes(3, 1));
  bench.submit(
      0, {write({.number = 9, .to = "nobody,party-2", .urgency = 4, .deliver_at = UnixMicros(kStart.value + 9)})});
  bench.commit();
  bench.acknowledge(1, 2);
  bench.commit();
  broker::State replayed(55);
  broker::Touched touched;
  test::FakeDisk copy(1, bench.disk.contents());
  const auto opened = journal::Journal::open(copy, test::journal_options(512 << 10, 4 << 20),
                                             [&](const auto& record) { return replay(replayed, record, touched); });
  REQUIRE(opened.has_value());
  CHECK(broker::state_hash(replayed) == broker::state_hash(bench.state));
  CHECK((*opened)->tree().root() == bench.journal->tree().root());
}

}  // namespace hub::runtime
