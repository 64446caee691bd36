#include "hub/journal/snapshot_file.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/fake_disk.hpp"

namespace hub::journal {
namespace {

SnapshotHead head_at(std::uint64_t position) {
  SnapshotHead head;
  head.journal = {4};
  head.state_version = 7;
  head.time = UnixMicros(1'710'205'200'000'000);
  for (std::uint64_t i = 0; i < position; ++i) head.tree.add({static_cast<std::uint8_t>(i)});
  return head;
}

Buffer state_of(std::uint64_t position) { return Buffer(1000 + position, static_cast<std::uint8_t>(position)); }

void write(ports::Disk& disk, std::uint64_t position) {
  REQUIRE(write_snapshot(disk, head_at(position), state_of(position)));
}

bool is_good(ports::Disk& disk, std::uint64_t position) {
  const auto read = read_snapshot(disk, Position(position));
  return read && read->state_fits();
}

}  // namespace

TEST_CASE("a snapshot is read as it was written") {
  for (const std::uint64_t position : {0u, 1u, 2u, 13u}) {
    test::FakeDisk disk;
    write(disk, position);
    const auto read = read_snapshot(disk, Position(position));
    REQUIRE(read);
    CHECK(read->head.journal == JournalId{4});
    CHECK(read->head.state_version == 7);
    CHECK(read->head.time == head_at(0).time);
    CHECK(read->head.position() == Position(position));
    CHECK(read->head.tree.root() == head_at(position).tree.root());
    CHECK(equal(read->state(), state_of(position)));
    CHECK(read->state_hash == crypto::sha256(state_of(position)));
  }
}

TEST_CASE("a snapshot with a flipped bit, cut or longer is not read") {
  test::FakeDisk disk;
  write(disk, 13);
  const Buffer good = disk.bytes(snapshot_name(Position(13)));
  for (std::size_t at = 0; at < good.size(); ++at) {
    disk.bytes(snapshot_name(Position(13)))[at] ^= static_cast<std::uint8_t>(1u << at % 8);
    CHECK_FALSE(is_good(disk, 13));
    disk.bytes(snapshot_name(Position(13))) = good;
  }
  for (std::size_t length = 0; length < good.size(); length += 7) {
    disk.bytes(snapshot_name(Position(13))).resize(length);
    CHECK_FALSE(is_good(disk, 13));
    disk.bytes(snapshot_name(Position(13))) = good;
  }
  disk.bytes(snapshot_name(Position(13))).push_back(0);
  CHECK_FALSE(is_good(disk, 13));
}

TEST_CASE("a snapshot under another's name is not read, and one that is not there neither") {
  test::FakeDisk disk;
  write(disk, 13);
  REQUIRE(disk.rename(snapshot_name(Position(13)), snapshot_name(Position(12))));
  CHECK_FALSE(is_good(disk, 12));
  CHECK_FALSE(is_good(disk, 13));
}

TEST_CASE("the last two are kept, and those that lie ahead of the newest are left alone") {
  test::FakeDisk disk;
  write(disk, 100);
  for (const std::uint64_t position : {1u, 5u, 9u, 12u}) write(disk, position);
  CHECK(snapshots_in(disk) == std::vector<Position>{Position(100), Position(12), Position(9)});
}

TEST_CASE("power that goes while a snapshot is written leaves the ones before it") {
  for (std::uint64_t operation = 0; operation < 8; ++operation)
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      test::FakeDisk disk(seed);
      write(disk, 3);
      write(disk, 5);
      disk.cut_power_at(operation);
      const bool written = write_snapshot(disk, head_at(9), state_of(9)).has_value();
      test::FakeDisk after(seed, disk.after_power_cut());
      CHECK(read_snapshot(after, Position(5)));
      const auto newest = snapshots_in(after)->front();
      CHECK((newest == Position(5) || newest == Position(9)));
      CHECK(read_snapshot(after, newest));
      if (written) CHECK(newest == Position(9));
      write(after, 11);  // what was left of the attempt is in nobody's way
    }
}

TEST_CASE("without space there is no snapshot, and those before it stay") {
  test::FakeDisk disk;
  write(disk, 3);
  disk.limit_capacity(1500);
  CHECK(write_snapshot(disk, head_at(9), state_of(9)).error().code == ErrorCode::storage_full);
  CHECK(snapshots_in(disk) == std::vector<Position>{Position(3)});
  CHECK(disk.contents().size() == 1);
}

}  // namespace hub::journal
