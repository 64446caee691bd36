// Indexes of sealed segments, and starts that go on from a known point.
#include <catch2/catch.hpp>

#include "hub/journal/follow.hpp"
#include "hub/journal/segment_format.hpp"
#include "hub/journal/segment_index.hpp"
#include "hub/journal/snapshot_file.hpp"
#include "hub/journal/verify.hpp"
#include "tests/support/indexed_journal.hpp"

namespace hub::test {
namespace {

using journal::Journal;
using journal::KnownPoint;

using Built = IndexedJournal;

KnownPoint known_at(std::uint64_t position, std::uint64_t seed = kIndexedSeed) {
  return {Position(position), sample_root(seed, position), kIndexedId};
}

struct Opened {
  Result<std::unique_ptr<Journal>> journal;
  std::vector<std::uint64_t> replayed;
};

Opened open_from(FakeDisk& disk, const KnownPoint& known) {
  std::vector<std::uint64_t> replayed;
  auto journal = Journal::open(
      disk, small_options(),
      [&](const journal::RecordView& view) -> Result<void> {
        replayed.push_back(view.position.value);
        CHECK(Sample(kIndexedSeed, view.position.value).is(view));
        return {};
      },
      known);
  return {std::move(journal), std::move(replayed)};
}

void check_reads_all(Journal& journal) {
  std::mt19937_64 random(1);
  Buffer scratch;
  for (std::uint64_t i = 0; i < 2 * kIndexedRecords; ++i) {  // in order, then in none
    const Position position(i < kIndexedRecords ? i : random() % kIndexedRecords);
    const auto view = journal.read(position, scratch);
    REQUIRE(view);
    REQUIRE(view->position == position);
    REQUIRE(Sample(kIndexedSeed, position.value).is(*view));
  }
  CHECK(journal.read(Position(kIndexedRecords), scratch).error().code == ErrorCode::record_unknown);
}

// Opens, writes the indexes that are missing, and has them as the hub had written them.
void check_made_again(FakeDisk& disk, const Built& built) {
  auto opened = open_from(disk, {});
  REQUIRE(opened.journal);
  CHECK(opened.replayed.size() == kIndexedRecords);
  check_reads_all(**opened.journal);
  CHECK((*opened.journal)->wants_segment());
  REQUIRE((*opened.journal)->prepare_segment());
  for (std::size_t i = 0; i + 1 < built.firsts.size(); ++i)
    CHECK(disk.contents().at(built.index(i)) == built.files.at(built.index(i)));
}

}  // namespace

TEST_CASE("each sealed segment has an index that says what the segment holds, and the current one has none") {
  const Built built;
  const std::size_t sealed = built.firsts.size() - 1;
  CHECK_FALSE(built.files.contains(built.index(sealed)));
  for (std::size_t i = 0; i < sealed; ++i) {
    const auto index = journal::decode_index(built.files.at(built.index(i)));
    REQUIRE(index);
    CHECK(index->journal == kIndexedId);
    CHECK(index->first == built.firsts[i]);
    CHECK(index->first.value + index->count == built.firsts[i + 1].value);
    CHECK(index->tree.root() == sample_root(kIndexedSeed, built.firsts[i + 1].value));
  }
}

TEST_CASE("records of sealed segments are read by position, whether the index is there or not") {
  Built built;
  const bool with_index = GENERATE(true, false);
  if (!with_index)
    for (std::size_t i = 0; i + 1 < built.firsts.size(); ++i) built.files.erase(built.index(i));
  FakeDisk disk(0, built.files);
  auto opened = open_from(disk, {});
  REQUIRE(opened.journal);
  check_reads_all(**opened.journal);
}

TEST_CASE("a missing index is made again") {
  const Built built;
  FakeDisk disk(0, built.files);
  REQUIRE(disk.remove(built.index(1)));
  check_made_again(disk, built);
}

TEST_CASE("a damaged index is passed over and made again, wherever it is damaged") {
  const Built built;
  std::mt19937_64 random(5);
  for (int round = 0; round < 40; ++round) {
    FakeDisk disk(0, built.files);
    Buffer& bytes = disk.bytes(built.index(1));
    bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
    check_made_again(disk, built);
  }
  FakeDisk disk(0, built.files);
  disk.bytes(built.index(0)).resize(50);
  check_made_again(disk, built);
}

TEST_CASE("the index of another segment, or of another journal, is passed over and made again") {
  const Built built;
  FakeDisk swapped(0, built.files);
  std::swap(swapped.bytes(built.index(0)), swapped.bytes(built.index(1)));
  check_made_again(swapped, built);
  const Built other(kIndexedSeed, journal::JournalId{8});
  FakeDisk foreign(0, built.files);
  foreign.bytes(built.index(1)) = other.files.at(other.index(1));
  check_made_again(foreign, built);
}

TEST_CASE("a start from a known point replays what comes after it, and goes on as any start does") {
  const Built built;
  for (const std::uint64_t position : {std::uint64_t{1}, built.firsts[1].value, built.firsts[2].value + 7,
                                       built.firsts.back().value, kIndexedRecords - 1, kIndexedRecords}) {
    CAPTURE(position);
    FakeDisk disk(0, built.files);
    auto opened = open_from(disk, known_at(position));
    REQUIRE(opened.journal);
    CHECK(opened.replayed.size() == kIndexedRecords - position);
    CHECK((opened.replayed.empty() || opened.replayed.front() == position));
    CHECK((*opened.journal)->tree().root() == sample_root(kIndexedSeed, kIndexedRecords));
    check_reads_all(**opened.journal);
    for (int i = 0; i < 30; ++i) REQUIRE(append_sample(**opened.journal, kIndexedSeed));
    REQUIRE(commit(**opened.journal));
    bool all_right = false;
    REQUIRE(open_samples(disk, small_options(), kIndexedSeed, all_right));
    CHECK(all_right);
  }
}

TEST_CASE("a start from a known point does not read segments before it, and verification still finds damage there") {
  const Built built;
  FakeDisk disk(0, built.files);
  const auto index = journal::decode_index(built.files.at(built.index(1)));
  disk.bytes(built.segment(1))[index->offsets[1] * 8 + 60] ^= 1;
  CHECK(open_from(disk, known_at(built.firsts[2].value)).journal);
  const auto report = journal::verify(disk);
  REQUIRE(report);
  REQUIRE(report->problem);
  CHECK(report->problem->file == disk.describe(built.segment(1)));
  CHECK(open_from(disk, known_at(built.firsts[1].value + 1)).journal.error().code == ErrorCode::journal_damaged);
}

TEST_CASE("a segment before a known point that is missing, cut, swapped, foreign or older stops the start") {
  const Built built, other(22, kIndexedId), foreign(kIndexedSeed, journal::JournalId{8});
  const KnownPoint known = known_at(kIndexedRecords);
  const auto refused = [&](const std::function<void(FakeDisk&)>& damage) {
    FakeDisk disk(0, built.files);
    damage(disk);
    const auto opened = open_from(disk, known);
    return !opened.journal && opened.journal.error().code == ErrorCode::journal_damaged && opened.replayed.empty();
  };
  CHECK_FALSE(refused([](FakeDisk&) {}));
  for (const std::size_t i : {std::size_t{1}, built.firsts.size() - 2})
    CHECK(refused([&](FakeDisk& disk) { REQUIRE(disk.remove(built.segment(i))); }));
  CHECK(refused([&](FakeDisk& disk) { disk.bytes(built.segment(1)).resize(10'000); }));
  CHECK(refused([&](FakeDisk& disk) { std::swap(disk.bytes(built.segment(1)), disk.bytes(built.segment(2))); }));
  CHECK(refused([&](FakeDisk& disk) { disk.bytes(built.segment(1)) = foreign.files.at(foreign.segment(1)); }));
  // Of the same journal, but of another past: whether its index came along or not.
  CHECK(refused([&](FakeDisk& disk) { disk.bytes(built.segment(0)) = other.files.at(other.segment(0)); }) == false);
  CHECK(refused([&](FakeDisk& disk) {
    disk.bytes(built.segment(0)) = other.files.at(other.segment(0));
    disk.bytes(built.index(0)) = other.files.at(other.index(0));
  }));
}

TEST_CASE("a known point that the journal does not have is refused, and nothing is replayed") {
  const Built built;
  const auto code = [&](const KnownPoint& known) {
    FakeDisk disk(0, built.files);
    const auto opened = open_from(disk, known);
    CHECK(opened.replayed.empty());
    CHECK(disk.contents() == built.files);
    return opened.journal ? std::nullopt : std::optional(opened.journal.error().code);
  };
  CHECK_FALSE(code(known_at(kIndexedRecords)));
  CHECK(code(known_at(kIndexedRecords + 1)) == ErrorCode::journal_behind);
  for (const std::uint64_t position : {std::uint64_t{5}, built.firsts[1].value, kIndexedRecords})
    CHECK(code(known_at(position, kIndexedSeed + 1)) == ErrorCode::journal_mismatch);
  KnownPoint of_another = known_at(7);
  of_another.journal = {1};
  CHECK(code(of_another) == ErrorCode::journal_mismatch);
}

TEST_CASE("a reader begins at any position of a sealed segment, with an index and without") {
  Built built;
  const bool with_index = GENERATE(true, false);
  if (!with_index) built.files.erase(built.index(1));
  FakeDisk disk(0, built.files);
  for (std::uint64_t from = built.firsts[1].value; from < built.firsts[2].value; from += 3) {
    auto follower = journal::Follower::open(disk, Position(from));
    REQUIRE(follower);
    const auto record = follower->next(Position(kIndexedRecords));
    REQUIRE(record);
    REQUIRE(*record);
    CHECK((*record)->position.value == from);
    CHECK(Sample(kIndexedSeed, from).is(**record));
  }
}

TEST_CASE("an index that finds no space stays wanted, and is written when there is some") {
  FakeDisk disk;
  auto journal = std::move(Journal::create(disk, kIndexedId, small_options()).value());
  const auto fill = [&](std::size_t segments) {
    const auto count = [&] {
      std::size_t n = 0;
      for (const auto& [name, bytes] : disk.contents()) n += journal::position_in_name(name).has_value();
      return n;
    };
    while (count() < segments) {
      REQUIRE(append_sample(*journal, kIndexedSeed));
      REQUIRE(commit(*journal));
    }
  };
  fill(2);
  std::uint64_t used = 0;
  for (const auto& [name, bytes] : disk.contents()) used += bytes.size();
  disk.limit_capacity(used);
  REQUIRE(journal->wants_segment());
  CHECK(journal->prepare_segment().error().code == ErrorCode::storage_full);
  CHECK_FALSE(disk.contents().contains(journal::index_name(Position(0))));
  CHECK(journal->wants_segment());
  disk.limit_capacity(UINT64_MAX);
  REQUIRE(journal->prepare_segment());
  CHECK(disk.contents().contains(journal::index_name(Position(0))));
}

TEST_CASE("power that goes while an index is written leaves none or a whole one") {
  for (std::uint64_t operation = 0; operation < 6; ++operation)
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      const Built built;
      const auto index = journal::decode_index(built.files.at(built.index(0)));
      FakeDisk disk(seed, built.files);
      REQUIRE(disk.remove(built.index(0)));
      disk.cut_power_at(operation);
      (void)journal::write_index(disk, *index);
      FakeDisk after(seed, disk.after_power_cut());
      const auto there = journal::read_index(after, Position(0));
      CHECK((!there || *there == *index));
      auto opened = open_from(after, {});
      REQUIRE(opened.journal);
      check_reads_all(**opened.journal);
    }
}

TEST_CASE("verification counts indexes and snapshots, and names those that don't fit") {
  const Built built;
  FakeDisk disk(0, built.files);
  const auto snapshot = [&](std::uint64_t position, std::uint64_t seed, const journal::JournalId& id) {
    journal::SnapshotHead head{id, 1, {}, {}};
    for (std::uint64_t i = 0; i < position; ++i) head.tree.add(Sample(seed, i).leaf());
    FakeDisk apart;
    REQUIRE(journal::write_snapshot(apart, head, Buffer(10)));
    const std::string name = journal::snapshot_name(Position(position));
    REQUIRE(disk.create_prefilled(name, 0));
    disk.bytes(name) = apart.bytes(name);
    return disk.describe(name);
  };
  snapshot(100, kIndexedSeed, kIndexedId);
  snapshot(kIndexedRecords, kIndexedSeed, kIndexedId);
  const auto good = journal::verify(disk);
  REQUIRE(good);
  CHECK_FALSE(good->problem);
  CHECK(good->wrong.empty());
  CHECK(good->snapshots == 2);
  CHECK(good->indexes == built.firsts.size() - 1);
  CHECK(good->missing_indexes == 0);

  std::map<std::string, std::string> expected;
  expected[snapshot(50, kIndexedSeed + 1, kIndexedId)] = "it is of another past of this journal";
  expected[snapshot(60, kIndexedSeed, {1})] = "it is of another journal";
  expected[snapshot(kIndexedRecords + 1, kIndexedSeed, kIndexedId)] = "the journal ends before it";
  const std::string broken = snapshot(70, kIndexedSeed, kIndexedId);
  disk.bytes(journal::snapshot_name(Position(70))).back() ^= 1;
  expected[broken] = "its state does not fit the hash of it";
  disk.bytes(built.index(0)) = disk.bytes(built.index(1));
  expected[disk.describe(built.index(0))] = "it does not fit its segment";
  REQUIRE(disk.remove(built.index(1)));
  const auto report = journal::verify(disk);
  REQUIRE(report);
  CHECK_FALSE(report->problem);
  std::map<std::string, std::string> wrong;
  for (const auto& one : report->wrong) wrong[one.file] = one.reason;
  CHECK(wrong == expected);
  CHECK(report->snapshots == 2);
  CHECK(report->missing_indexes == 1);
  CHECK(report->indexes == built.firsts.size() - 3);
}

}  // namespace hub::test
