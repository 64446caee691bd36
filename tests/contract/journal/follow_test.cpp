// Reading what another process writes.
#include <catch2/catch.hpp>

#include "hub/journal/durable_end.hpp"
#include "hub/journal/follow.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

using namespace hub;

namespace {

constexpr std::uint64_t kFollowedSeed = 5;

struct FollowBench {
  test::FakeDisk disk;
  std::unique_ptr<journal::Journal> journal = journal::Journal::create(disk, {1}, test::small_options()).value();

  void append(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) REQUIRE(test::append_sample(*journal, kFollowedSeed));
  }
  void commit() { REQUIRE(test::commit(*journal)); }
  // Reads to the durable end; every record must be the sample of its place.
  std::size_t follow(journal::Follower& follower) const {
    std::size_t count = 0;
    for (;;) {
      const auto next = follower.next(journal->durable_end());
      REQUIRE(next);
      if (!*next) return count;
      CHECK(test::Sample(kFollowedSeed, (*next)->position.value).is(**next));
      CHECK(follower.position() == (*next)->position.next());
      ++count;
    }
  }
};

}  // namespace

TEST_CASE("A follower reads every durable record in order, through all segments, and none beyond") {
  FollowBench b;
  auto follower = journal::Follower::open(b.disk, Position(0)).value();
  CHECK(b.follow(follower) == 0);
  std::size_t read = 0;
  for (int round = 0; round < 40; ++round) {
    b.append(7);
    CHECK(b.follow(follower) == b.journal->durable_end().value - read);  // what an append had to commit
    read = b.journal->durable_end().value;
    b.commit();
    CHECK(b.follow(follower) == b.journal->durable_end().value - read);
    read = b.journal->durable_end().value;
  }
  CHECK(follower.position() == b.journal->end());
  CHECK(b.disk.list()->size() > 3);  // segments
}

TEST_CASE("A follower may begin anywhere") {
  FollowBench b;
  b.append(200);
  b.commit();
  const std::uint64_t end = b.journal->durable_end().value;
  for (std::uint64_t from = 0; from <= end; from += 13) {
    auto follower = journal::Follower::open(b.disk, Position(from)).value();
    CHECK(follower.position() == Position(from));
    CHECK(follower.journal() == b.journal->id());
    CHECK(b.follow(follower) == end - from);
  }
}

TEST_CASE("A durable record that is damaged stops a follower, and names file and offset") {
  FollowBench b;
  b.append(5);
  b.commit();
  auto& bytes = b.disk.bytes(journal::segment_name(Position(0)));
  bytes[journal::kSegmentHeaderBytes + 20] ^= 1;
  auto follower = journal::Follower::open(b.disk, Position(0)).value();
  const auto next = follower.next(b.journal->durable_end());
  REQUIRE_FALSE(next);
  CHECK(next.error().code == ErrorCode::journal_damaged);
}

TEST_CASE("There is nothing to follow without segments") {
  test::FakeDisk disk;
  CHECK(journal::Follower::open(disk, Position(0)).error().code == ErrorCode::journal_missing);
}

TEST_CASE("The durable end is told in place, and is not there before a hub has run") {
  test::FakeDisk disk;
  CHECK_FALSE(journal::read_durable_end(disk).value());
  auto file = journal::DurableEndFile::publish(disk, {{7}, Position(3)}).value();
  CHECK(journal::read_durable_end(disk).value()->end == Position(3));
  CHECK(journal::read_durable_end(disk).value()->journal == journal::JournalId{7});
  REQUIRE(file.move(Position(1000)));
  CHECK(journal::read_durable_end(disk).value()->end == Position(1000));
  CHECK(disk.contents().at(journal::kDurableEndName).size() == 24);
}

TEST_CASE("A start writes the durable end anew, also over that of another journal") {
  test::FakeDisk disk;
  REQUIRE(journal::DurableEndFile::publish(disk, {{7}, Position(30)}));
  REQUIRE(journal::DurableEndFile::publish(disk, {{8}, Position(2)}));
  CHECK(journal::read_durable_end(disk).value()->end == Position(2));
  CHECK(journal::read_durable_end(disk).value()->journal == journal::JournalId{8});
}

TEST_CASE("A file that has only just been made tells nothing") {
  test::FakeDisk disk;
  REQUIRE(disk.create_prefilled(journal::kDurableEndName, 24));
  CHECK_FALSE(journal::read_durable_end(disk).value());
}

TEST_CASE("A group knows where the journal ends once it is durable") {
  FollowBench b;
  b.append(3);
  const auto group = b.journal->take_group();
  CHECK(group->end == b.journal->end());
}
