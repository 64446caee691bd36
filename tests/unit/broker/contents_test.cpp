#include "hub/broker/contents.hpp"

#include <catch2/catch.hpp>

#include "hub/broker/decide_contents.hpp"
#include "hub/registry/limits.hpp"
#include "tests/unit/broker/core_bench.hpp"

namespace hub::broker {
namespace {

using test::CoreBench;
using test::kStart;
using test::Note;

registry::AttachmentFields attachment(std::uint8_t number, std::uint64_t size = 100) {
  return {"a" + std::to_string(number), "text/plain", "", size, crypto::Digest{number}};
}

Note note_with(std::vector<registry::AttachmentFields> attachments, std::uint64_t number = 1) {
  Note note{.number = number};
  note.attachments = std::move(attachments);
  return note;
}

struct ContentsBench : CoreBench {
  PartyIndex sender = registry().endpoint_at(endpoint(0)).party;

  // What decide_contents says of a note that is accepted otherwise.
  std::optional<ContentsMissing> missing(const Note& note) {
    REQUIRE_FALSE(decide(note).has_value());
    REQUIRE(decided.accepted);
    return decide_contents(state, batch, 0, now, decided);
  }
  void permit(const Note& note) {
    const auto needed = missing(note);
    REQUIRE(needed.has_value());
    for (const ContentPermitted& record : needed->permits) apply(record);
  }
  void store(std::uint8_t number, std::uint64_t size = 100) {
    apply(decide_content_stored(state, sender, crypto::Digest{number}, size).value());
  }
  void later(std::int64_t micros) { now = UnixMicros(now.value + micros); }
  std::size_t drop() {
    const auto records = decide_content_drops(state, now);
    for (const ContentDropped& record : records) apply(record);
    return records.size();
  }
};

}  // namespace

TEST_CASE("a document whose contents are missing is not accepted, and permits for them follow") {
  ContentsBench bench;
  const auto missing = bench.missing(note_with({attachment(1), attachment(2, 50)}));
  REQUIRE(missing.has_value());
  CHECK(missing->answer.code == ErrorCode::attachments_needed);
  CHECK(missing->answer.facts == std::vector<Fact>{{"missing", "2"}, {"bytes", "150"}});
  REQUIRE(missing->permits.size() == 2);
  CHECK(missing->permits[1].size == 50);
  CHECK(missing->permits[1].until.value == kStart.value + kContentPermitMicros);
}

TEST_CASE("the same content under two names is needed once") {
  ContentsBench bench;
  Note note = note_with({attachment(1), attachment(1)});
  note.attachments[1].name = "b";
  CHECK(bench.missing(note)->permits.size() == 1);
}

TEST_CASE("a permit that holds for long is not given again, and is renewed after half of its time") {
  ContentsBench bench;
  const Note note = note_with({attachment(1)});
  bench.permit(note);
  CHECK(bench.missing(note)->permits.empty());
  bench.later(kContentPermitMicros / 2);
  const auto renewed = bench.missing(note);
  REQUIRE(renewed->permits.size() == 1);
  bench.apply(renewed->permits[0]);
  bench.later(kContentPermitMicros / 2);
  CHECK(bench.drop() == 0);
}

TEST_CASE("with its contents stored a document is accepted, and its delivery is known to have attachments") {
  ContentsBench bench;
  const Note note = note_with({attachment(1), attachment(2)});
  bench.permit(note);
  bench.store(1);
  CHECK(bench.missing(note)->answer.facts[0].value == "1");
  bench.store(2);
  REQUIRE_FALSE(bench.missing(note).has_value());
  CHECK(bench.decided.accepted);
  bench.connect(0);
  bench.connect(1);
  bench.apply(bench.decided, 10);
  CHECK(bench.streams(1).deliveries.at(StreamSequence(1)).has_attachments);
  bench.acknowledge(1, 1);
  CHECK(bench.streams(0).receipts.last() == StreamSequence(0));  // the contents are still to be fetched
}

TEST_CASE("an acknowledgement of a delivery without attachments is a receipt as ever") {
  ContentsBench bench;
  bench.connect(0);
  bench.connect(1);
  bench.take({.number = 1});
  bench.acknowledge(1, 1);
  CHECK(bench.streams(0).receipts.last() == StreamSequence(1));
}

TEST_CASE("what another party stored says nothing about a party's own contents") {
  ContentsBench bench;
  bench.permit(note_with({attachment(1)}));
  bench.store(1);
  Note other = note_with({attachment(1)});
  other.source = "party-1";
  other.to = "party-0";
  REQUIRE_FALSE(bench.decide(write(other), 1).has_value());
  const auto missing = decide_contents(bench.state, bench.batch, 0, bench.now, bench.decided);
  REQUIRE(missing.has_value());
  CHECK(missing->permits.size() == 1);
}

TEST_CASE("a document that says another size of a stored content is refused") {
  ContentsBench bench;
  bench.permit(note_with({attachment(1, 100)}));
  bench.store(1, 100);
  CHECK_FALSE(bench.missing(note_with({attachment(1, 101)})).has_value());
  CHECK_FALSE(bench.decided.accepted);
  CHECK(bench.decided.refusal == ErrorCode::attachment_digest_wrong);
}

TEST_CASE("only what is permitted can be stored, in its size") {
  ContentsBench bench;
  CHECK_FALSE(decide_content_stored(bench.state, bench.sender, crypto::Digest{1}, 100).has_value());
  bench.permit(note_with({attachment(1, 100)}));
  CHECK_FALSE(decide_content_stored(bench.state, bench.sender, crypto::Digest{1}, 99).has_value());
  CHECK(content_standing(bench.state, bench.sender, crypto::Digest{1}, 100) == ContentStanding::permitted);
  bench.store(1);
  CHECK(content_standing(bench.state, bench.sender, crypto::Digest{1}, 100) == ContentStanding::stored);
  CHECK_FALSE(decide_content_stored(bench.state, bench.sender, crypto::Digest{1}, 100).has_value());
}

TEST_CASE("what is not uploaded in time, or not used in time, is dropped; what is used is kept") {
  ContentsBench bench;
  const Note used = note_with({attachment(1)}, 1), unused = note_with({attachment(2)}, 2);
  bench.permit(used);
  bench.permit(unused);
  bench.permit(note_with({attachment(3)}, 3));
  bench.store(1);
  bench.store(2);
  REQUIRE_FALSE(bench.missing(used).has_value());
  bench.apply(bench.decided, 10);
  bench.later(kContentPermitMicros - 1);
  CHECK(bench.drop() == 0);
  bench.later(1);
  CHECK(bench.drop() == 2);
  CHECK(bench.state.contents.find({bench.sender, crypto::Digest{2}}) == nullptr);
  CHECK(bench.state.contents.find({bench.sender, crypto::Digest{1}})->referred);
  bench.later(100 * kContentUnusedMicros);
  CHECK(bench.drop() == 0);
  CHECK(bench.state.contents.unused(bench.sender).count == 0);
}

TEST_CASE("a party has so many contents under way, and one more is refused for now") {
  ContentsBench bench;
  for (std::size_t i = 0; i < kUnusedContentsMax; ++i) {
    crypto::Digest digest{};
    store_le(digest.data(), i + 1000);
    bench.apply(ContentPermitted{bench.endpoint(0), bench.sender, digest, 1, UnixMicros(kStart.value + 1)});
    if (i + 2 == kUnusedContentsMax)  // one more is the limit
      CHECK(bench.missing(note_with({attachment(1)}))->answer.code == ErrorCode::attachments_needed);
  }
  const auto over = bench.missing(note_with({attachment(1)}));
  CHECK(over->answer.code == ErrorCode::attachments_quota);
  CHECK(over->permits.empty());
  // What is permitted already may still be uploaded, and what lapses makes room.
  bench.later(1);
  CHECK(bench.drop() == kContentsDroppedAtOnce);
  CHECK(bench.missing(note_with({attachment(1)}))->answer.code == ErrorCode::attachments_needed);
}

TEST_CASE("a party has so many bytes under way, and one more is refused for now") {
  constexpr std::uint64_t kFile = registry::kAttachmentBytesMax;
  ContentsBench bench;
  std::uint64_t left = kUnusedContentBytesMax - 1;
  for (std::uint8_t i = 100; left > 0; ++i) {
    const std::uint64_t size = std::min(left, kFile);
    bench.apply(
        ContentPermitted{bench.endpoint(0), bench.sender, crypto::Digest{i}, size, UnixMicros(kStart.value + 1)});
    left -= size;
  }
  CHECK(bench.missing(note_with({attachment(1, 1)}))->answer.code == ErrorCode::attachments_needed);
  CHECK(bench.missing(note_with({attachment(1, 2)}))->answer.code == ErrorCode::attachments_quota);
}

TEST_CASE("a type that permits no attachments, or not so many, refuses them") {
  ContentsBench bench;
  Note forbidden = note_with({attachment(1)});
  forbidden.type = simulation::kForbiddenType;
  bench.decide(forbidden);
  CHECK(bench.decided.refusal == ErrorCode::attachments_not_permitted);
  bench.decide(note_with({attachment(1), attachment(2), attachment(3), attachment(4)}));
  CHECK(bench.decided.refusal == ErrorCode::attachments_not_permitted);
  bench.decide(note_with({attachment(1), attachment(2), attachment(3)}));
  CHECK(bench.decided.accepted);
}

TEST_CASE("contents are in the state's hash") {
  ContentsBench with, stored, without;
  with.permit(note_with({attachment(1)}));
  stored.permit(note_with({attachment(1)}));
  stored.store(1);
  without.now = with.now;
  without.state.end = with.state.end;
  CHECK(state_hash(with.state) != state_hash(without.state));
  with.state.end = stored.state.end;
  CHECK(state_hash(with.state) != state_hash(stored.state));
}

}  // namespace hub::broker
