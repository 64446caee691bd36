// Sealed segments copied to another folder, taken away and brought back, beside a journal that goes on.
#include "hub/journal/archive.hpp"

#include <catch2/catch.hpp>

#include "hub/journal/file_names.hpp"
#include "hub/journal/follow.hpp"
#include "tests/support/indexed_journal.hpp"

namespace hub::test {
namespace {

using journal::Journal;

constexpr UnixMicros kLater(1'900'000'000'000'000);

struct ArchiveBench {
  IndexedJournal built;
  FakeDisk disk{0, built.files}, archive;

  std::size_t sealed() const { return built.firsts.size() - 1; }
  Position first_of(std::size_t segment) const { return built.firsts.at(segment); }
  // Copies all and takes away what lies before that segment.
  void take_away_before(std::size_t segment) {
    REQUIRE(journal::copy_segments(disk, archive));
    const auto taken = journal::take_away(disk, archive, first_of(segment), kLater);
    REQUIRE(taken);
    REQUIRE(taken->size() == segment);
  }
  bool has(FakeDisk& where, std::size_t segment) const { return where.contents().contains(built.segment(segment)); }
  journal::KnownPoint known(std::size_t segment) const {
    const std::uint64_t end = first_of(segment).value;
    return {Position(end), sample_root(kIndexedSeed, end), kIndexedId};
  }
  auto open(const journal::KnownPoint& known) {
    return Journal::open(disk, small_options(), [](const journal::RecordView&) -> Result<void> { return {}; }, known);
  }
};

}  // namespace

TEST_CASE("every sealed segment is copied once, and the copies are a journal's") {
  ArchiveBench bench;
  const auto copied = journal::copy_segments(bench.disk, bench.archive);
  REQUIRE(copied);
  CHECK(copied->size() == bench.sealed());
  for (std::size_t i = 0; i < bench.sealed(); ++i)
    CHECK(bench.archive.contents().at(bench.built.segment(i)) == bench.built.files.at(bench.built.segment(i)));
  CHECK(journal::copy_segments(bench.disk, bench.archive)->empty());
  CHECK(bench.disk.contents() == bench.built.files);
}

TEST_CASE("what was taken away is no loss: the journal is opened, read and checked without it") {
  ArchiveBench bench;
  bench.take_away_before(2);
  CHECK_FALSE(bench.has(bench.disk, 0));
  CHECK(bench.has(bench.disk, 2));
  const auto report = journal::verify(bench.disk);
  REQUIRE(report);
  CHECK_FALSE(report->problem);
  CHECK(report->wrong.empty());
  CHECK(report->away == 2);
  CHECK(report->root == sample_root(kIndexedSeed, kIndexedRecords));
  const auto journal = bench.open(bench.known(2));
  REQUIRE(journal);
  Buffer scratch;
  CHECK((*journal)->read(Position(0), scratch).error().code == ErrorCode::segment_archived);
  CHECK((*journal)->read(bench.first_of(2), scratch).has_value());
}

TEST_CASE("a start that needs what was taken away says so, and so does a reader") {
  ArchiveBench bench;
  bench.take_away_before(2);
  CHECK(bench.open({}).error().code == ErrorCode::segment_archived);
  CHECK(bench.open(bench.known(1)).error().code == ErrorCode::segment_archived);
  CHECK(journal::Follower::open(bench.disk, Position(0)).error().code == ErrorCode::segment_archived);
}

TEST_CASE("what was brought back while the journal is open is read, and all is as it was") {
  ArchiveBench bench;
  bench.take_away_before(3);
  const auto journal = bench.open(bench.known(3));
  REQUIRE(journal);
  Buffer scratch;
  CHECK_FALSE((*journal)->read(bench.first_of(1), scratch));
  const auto fetched = journal::fetch_segments(bench.disk, bench.archive, bench.first_of(1), bench.first_of(2));
  REQUIRE(fetched);
  REQUIRE(fetched->size() == 1);
  const auto view = (*journal)->read(bench.first_of(1), scratch);
  REQUIRE(view);
  CHECK(Sample(kIndexedSeed, bench.first_of(1).value).is(*view));
  CHECK((*journal)->read(Position(0), scratch).error().code == ErrorCode::segment_archived);
  REQUIRE(journal::fetch_segments(bench.disk, bench.archive, Position(0), Position(kIndexedRecords)));
  for (const auto& [name, bytes] : bench.built.files) CHECK(bench.disk.contents().at(name) == bytes);
}

TEST_CASE("only what is old enough and not needed is taken away") {
  ArchiveBench bench;
  REQUIRE(journal::copy_segments(bench.disk, bench.archive));
  const Position end = bench.first_of(2);
  const UnixMicros last = Sample(kIndexedSeed, end.value - 1).record.time;
  CHECK(journal::take_away(bench.disk, bench.archive, Position(end.value - 1), kLater)->size() == 1);
  CHECK(journal::take_away(bench.disk, bench.archive, end, last)->empty());
  CHECK(journal::take_away(bench.disk, bench.archive, end, last.next())->size() == 1);
}

TEST_CASE("a copy that decayed takes nothing away, and is not brought back") {
  ArchiveBench bench;
  REQUIRE(journal::copy_segments(bench.disk, bench.archive));
  FakeDisk::Snapshot files = bench.archive.contents();
  files.at(bench.built.segment(0))[journal::kSegmentHeaderBytes + 60] ^= 1;
  FakeDisk decayed(0, files);
  CHECK(journal::take_away(bench.disk, decayed, bench.first_of(2), kLater).error().code == ErrorCode::journal_damaged);
  CHECK(bench.disk.contents() == bench.built.files);
  bench.take_away_before(2);
  CHECK(journal::fetch_segments(bench.disk, decayed, Position(0), Position(1)).error().code ==
        ErrorCode::journal_damaged);
  CHECK_FALSE(bench.has(bench.disk, 0));
}

TEST_CASE("a copy of another journal, or none at all, is not brought back") {
  ArchiveBench bench;
  bench.take_away_before(2);
  FakeDisk other(0, IndexedJournal(kIndexedSeed, journal::JournalId{10}).files), empty;
  CHECK(journal::fetch_segments(bench.disk, other, Position(0), Position(1)).error().code ==
        ErrorCode::journal_damaged);
  CHECK(journal::fetch_segments(bench.disk, empty, Position(0), Position(1)).error().code == ErrorCode::not_found);
}

TEST_CASE("a segment that is lost, and not taken away, is damage as before") {
  ArchiveBench bench;
  REQUIRE(bench.disk.remove(bench.built.segment(1)));
  CHECK(bench.open(bench.known(2)).error().code == ErrorCode::journal_damaged);
}

TEST_CASE("a crash between the two steps of taking away leaves the segment where it was") {
  ArchiveBench bench;
  const Position first = bench.first_of(0);
  REQUIRE(bench.disk.rename(journal::index_name(first), journal::kAwayNames.of(first)));
  const auto journal = bench.open(bench.known(2));
  REQUIRE(journal);
  Buffer scratch;
  CHECK((*journal)->read(Position(0), scratch).has_value());
}

}  // namespace hub::test
