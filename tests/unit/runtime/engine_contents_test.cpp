// Attachments, as the engine decides on them; and the same through crashes, with the files of contents beside the
// journal.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "hub/runtime/content_reconciliation.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;
using test::kStart;
using test::Note;
using wire::Kind;

Buffer content_of(std::uint8_t number) { return Buffer(100 + number, number); }
crypto::Digest digest_of(std::uint8_t number) { return crypto::sha256(content_of(number)); }

Buffer note_with(std::uint64_t number, std::vector<std::uint8_t> contents, UnixMicros time = kStart) {
  Note note{.number = number, .time = time};
  for (const std::uint8_t c : contents)
    note.attachments.push_back({"a" + std::to_string(c), "text/plain", "", content_of(c).size(), digest_of(c)});
  return test::write(note);
}

PartyIndex party(const broker::State& state, std::size_t number) {
  return *state.configuration.registry.party("party-" + std::to_string(number));
}

}  // namespace

TEST_CASE("a document without its contents is answered when its permits are durable, and has no record") {
  EngineBench bench;
  bench.open(0);
  const Position end = bench.journal->end();
  bench.submit(0, {note_with(1, {1, 2})});
  CHECK(bench.outcomes(0).empty());
  CHECK(bench.journal->end().value == end.value + 2);  // two permits
  bench.commit();
  CHECK(bench.outcomes(0) == std::vector<std::string>{"attachments-needed"});
}

TEST_CASE("a document is accepted when its contents are recorded as stored") {
  EngineBench bench;
  bench.open(0);
  const PartyIndex sender = party(bench.state, 0);
  bench.submit(0, {note_with(1, {1})});
  CHECK(bench.engine->content_standing(sender, digest_of(1), content_of(1).size()) ==
        broker::ContentStanding::permitted);
  CHECK_FALSE(bench.engine->record_content_stored(sender, digest_of(2), content_of(2).size()));
  REQUIRE(bench.engine->record_content_stored(sender, digest_of(1), content_of(1).size()));
  bench.submit(0, {note_with(1, {1})}, 2);
  bench.commit();
  CHECK(bench.outcomes(0) == std::vector<std::string>{"accepted"});
}

TEST_CASE("only the recipient of a delivery is told of its contents, once it is durable") {
  EngineBench bench;
  bench.open(0);
  const PartyIndex sender = party(bench.state, 0), recipient = party(bench.state, 1);
  bench.submit(0, {note_with(1, {1})});
  bench.engine->record_content_stored(sender, digest_of(1), content_of(1).size());
  bench.submit(0, {note_with(1, {1})}, 2);
  const Position document(bench.journal->end().value - 1);
  CHECK_FALSE(bench.engine->delivered_content(recipient, document, 0, 0).has_value());
  bench.commit();
  const auto content = bench.engine->delivered_content(recipient, document, 0, 0);
  REQUIRE(content.has_value());
  CHECK(content->sender == "party-0");
  CHECK(content->digest == digest_of(1));
  CHECK(content->size == content_of(1).size());
  const auto refused = [&](PartyIndex who, Position where, std::uint8_t outcome, std::uint64_t attachment) {
    const auto answer = bench.engine->delivered_content(who, where, outcome, attachment);
    return !answer && answer.error().code == ErrorCode::content_unknown;
  };
  CHECK(refused(sender, document, 0, 0));
  CHECK(refused(party(bench.state, 2), document, 0, 0));
  CHECK(refused(recipient, document, 1, 0));
  CHECK(refused(recipient, document, 0, 1));
  CHECK(refused(recipient, Position(0), 0, 0));
  CHECK(refused(recipient, Position(1'000'000), 0, 0));
}

TEST_CASE("a dropped content's file may go when its record is durable, and not before") {
  EngineBench bench;
  bench.open(0);
  std::vector<std::string> dropped;
  bench.engine->set_on_dropped(
      [&](const std::string& who, const crypto::Digest& digest) { dropped.push_back(who + " " + to_hex(digest)); });
  bench.submit(0, {note_with(1, {1})});
  bench.commit();
  bench.tick_at(UnixMicros(kStart.value + broker::kContentPermitMicros));
  CHECK(dropped.empty());
  CHECK(bench.state.contents.find({party(bench.state, 0), digest_of(1)}) == nullptr);
  bench.commit();
  CHECK(dropped == std::vector<std::string>{"party-0 " + to_hex(digest_of(1))});
}

namespace {

// One life of a hub between two crashes: the journal on a disk that loses power, the contents in real files.
struct Life {
  test::ManualClock& clock;
  content::Store store;
  simulation::Chance chance;
  test::FakeNetwork network;
  test::FakeDisk disk;
  test::MemorySecrets& secrets;
  broker::State state;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<Engine> engine;
  const simulation::Scenery& scenery;

  Life(std::uint64_t seed, test::FakeDisk::Snapshot files, const std::string& folder, test::ManualClock& time,
       test::MemorySecrets& kept, const simulation::Scenery& parties)
      : clock(time),
        store(content::Store::open(folder, folder + ".keys", 0, 64).value()),
        chance(seed),
        disk(seed, std::move(files)),
        secrets(kept),
        state(seed),
        scenery(parties) {
    broker::Touched touched;
    journal = journal::Journal::open(disk, test::journal_options(512 << 10, 4 << 20), [&](const auto& record) {
                return replay(state, record, touched);
              }).value();
    engine = std::make_unique<Engine>(clock, chance, network, *journal, state, secrets);
    engine->start("test");
    HUB_CHECK(reconcile_contents(store, *engine).has_value());
    engine->set_on_dropped([this](const std::string& who, const crypto::Digest& digest) {
      HUB_CHECK(store.remove(content::Name{who, digest}).has_value());
    });
    hello();
  }
  void hello() {
    wire::Hello message;
    message.endpoint = scenery.parties[0].endpoint;
    say(message);
  }
  template <class Message>
  void say(const Message& message) {
    Buffer frame;
    wire::write(frame, message);
    engine->begin_turn();
    HUB_CHECK(engine->on_frame(ports::ConnectionId(1), scenery.parties[0].transport_key, frame));
    engine->end_turn();
  }
  void commit() {
    if (auto group = engine->take_group()) {
      HUB_CHECK(journal->write(*group).has_value());
      engine->group_durable(std::move(group));
    }
    engine->begin_turn();
    engine->end_turn();
  }
  // An upload, as far as it gets: in part, whole and not recorded, or recorded.
  void upload(std::uint8_t number, std::uint64_t how_far) {
    const content::Name name{"party-0", digest_of(number)};
    const Buffer bytes = content_of(number);
    const auto standing = engine->content_standing(party(state, 0), name.digest, bytes.size());
    if (standing != broker::ContentStanding::permitted) return;
    auto file = store.begin(name, bytes.size()).value();
    while (!file.checked()) HUB_CHECK(file.check_some().has_value());
    const ByteView rest = ByteView(bytes).subspan(file.written());
    HUB_CHECK(file.append(how_far == 0 ? rest.first(rest.size() / 2) : rest).has_value());
    if (how_far == 0) return;
    HUB_CHECK(store.finish(file, name).has_value());
    if (how_far > 1) HUB_CHECK(engine->record_content_stored(party(state, 0), name.digest, bytes.size()));
  }
  // Every content that the state says is stored has its file, whole; every file has its record.
  void check_files() {
    std::set<std::string> recorded, files;
    state.contents.for_each([&](const broker::ContentKey& key, const broker::Content& content) {
      if (content.stored) recorded.insert(to_hex(key.digest) + std::to_string(content.size));
    });
    const auto listed = store.list();
    REQUIRE(listed.has_value());
    for (const content::Found& found : *listed)
      if (!found.partial) files.insert(to_hex(found.name.digest) + std::to_string(found.size));
    CHECK(recorded == files);
  }
};

}  // namespace

TEST_CASE("whatever is permitted, uploaded, used and dropped, and wherever a crash comes, files and records agree") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    const test::TemporaryFolder folder;
    EngineBench first;
    test::ManualClock clock;
    simulation::Chance chance(seed);
    auto life = std::make_unique<Life>(seed, first.disk.contents(), folder.path(), clock, first.secrets, first.scenery);
    std::uint64_t batch = 0, accepted = 0;
    for (int step = 0; step < 300; ++step) {
      const std::uint64_t choice = chance.below(20);
      if (choice < 8) {
        const test::SignedBatch one(
            first.scenery.parties[0],
            {note_with(chance.below(40),
                       {static_cast<std::uint8_t>(chance.below(8)), static_cast<std::uint8_t>(8 + chance.below(8))},
                       clock.time)},
            ++batch);
        life->say(one.submit);
      } else if (choice < 14) {
        life->upload(static_cast<std::uint8_t>(chance.below(16)), chance.below(6));
      } else if (choice < 16) {
        clock.time = UnixMicros(clock.time.value + static_cast<std::int64_t>(chance.below(3)) * kMicrosPerDay);
        life->engine->begin_turn();
        life->engine->on_tick();
        life->engine->end_turn();
        life->hello();  // after days of silence the session is over
      } else if (choice < 19) {
        life->commit();
      } else {
        life = std::make_unique<Life>(seed + static_cast<std::uint64_t>(step) * 100, life->disk.after_power_cut(),
                                      folder.path(), clock, first.secrets, first.scenery);
        life->commit();
        life->check_files();
      }
    }
    life->commit();
    broker::State again(99);
    broker::Touched touched;
    test::FakeDisk copy(1, life->disk.contents());
    const auto reopened =
        journal::Journal::open(copy, test::journal_options(512 << 10, 4 << 20), [&](const journal::RecordView& record) {
          accepted += record.kind == static_cast<std::uint8_t>(broker::RecordKind::document_accepted) ? 1 : 0;
          return replay(again, record, touched);
        });
    REQUIRE(reopened.has_value());
    CHECK(broker::state_hash(again) == broker::state_hash(life->state));
    CHECK(accepted > 0);
  }
}

}  // namespace hub::runtime
