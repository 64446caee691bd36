#include "hub/runtime/snapshots.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>

#include "hub/broker/state_codec.hpp"
#include "hub/journal/file_names.hpp"
#include "hub/runtime/snapshotter.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;

constexpr std::uint64_t kGroupBytes = 512 << 10, kSegmentBytes = 1 << 20;
const std::atomic<bool> kGoesOn = false;

journal::Options options() { return test::journal_options(kGroupBytes, kSegmentBytes); }

// A hub that has worked for a while, with something waiting, under way and known; and snapshots of two moments.
struct Worked {
  EngineBench bench{options()};
  Position first, second;  // of the snapshots

  Worked() {
    bench.open(0);
    bench.open(1);
    work(1);
    first = take();
    work(2);
    second = take();
    work(3);
  }
  void work(std::uint64_t number) {
    for (std::uint64_t i = 0; i < 4; ++i)
      bench.submit(0,
                   {test::write({.number = number * 10 + i, .text = std::string(2000, 'a')}),
                    test::write({.number = number * 10 + 5 + i, .to = "party-2", .urgency = 2})},
                   number * 10 + i);
    bench.commit();
    bench.acknowledge(1, number);
    bench.commit();
  }
  Position take() {
    REQUIRE(advance_snapshot(bench.disk, newest(), bench.journal->durable_end(), kGoesOn).value());
    return newest();
  }
  Position newest() {
    const auto there = journal::snapshots_in(bench.disk);
    return there->empty() ? Position(0) : there->front();
  }
};

Restored restored(test::FakeDisk& disk) {
  auto out = restore(disk, options(), 77);
  REQUIRE(out);
  return std::move(*out);
}

void check_same(const Restored& now, const EngineBench& bench) {
  CHECK(broker::state_hash(now.state) == broker::state_hash(bench.state));
  CHECK(now.journal->tree().root() == bench.journal->tree().root());
  CHECK(now.journal->id() == bench.journal->id());
}

}  // namespace

TEST_CASE("a start from a snapshot gives the state and the tree that the hub had, and so does one without") {
  Worked worked;
  test::FakeDisk disk(1, worked.bench.disk.contents());
  const Restored now = restored(disk);
  CHECK(now.snapshot == worked.second);
  CHECK(now.ignored.empty());
  check_same(now, worked.bench);
  for (const Position position : {worked.first, worked.second}) REQUIRE(disk.remove(journal::snapshot_name(position)));
  const Restored replayed = restored(disk);
  CHECK(replayed.snapshot == Position(0));
  check_same(replayed, worked.bench);
}

TEST_CASE("a snapshot from the files is the one that the state at rest gives") {
  Worked worked;
  worked.take();
  const auto from_files = journal::read_snapshot(worked.bench.disk, worked.newest());
  test::FakeDisk other;
  REQUIRE(write_snapshot(other, *worked.bench.journal, worked.bench.state));
  const auto from_state = journal::read_snapshot(other, worked.newest());
  REQUIRE(from_files);
  REQUIRE(from_state);
  CHECK(equal(from_files->state(), from_state->state()));
  CHECK(from_files->state_hash == from_state->state_hash);
  CHECK(from_files->state_hash == broker::state_hash(worked.bench.state));
}

TEST_CASE("a damaged snapshot is passed over for the one before it, and two damaged ones for a replay") {
  Worked worked;
  test::FakeDisk disk(1, worked.bench.disk.contents());
  disk.bytes(journal::snapshot_name(worked.second)).back() ^= 1;
  const Restored from_first = restored(disk);
  CHECK(from_first.snapshot == worked.first);
  REQUIRE(from_first.ignored.size() == 1);
  CHECK_THAT(from_first.ignored[0], Catch::Contains(journal::snapshot_name(worked.second)));
  check_same(from_first, worked.bench);
  disk.bytes(journal::snapshot_name(worked.first)).resize(20);
  const Restored replayed = restored(disk);
  CHECK(replayed.snapshot == Position(0));
  CHECK(replayed.ignored.size() == 2);
  check_same(replayed, worked.bench);
}

TEST_CASE("a snapshot whose state is of another version, or none, is passed over") {
  Worked worked;
  test::FakeDisk disk(1, worked.bench.disk.contents());
  const auto good = journal::read_snapshot(disk, worked.second);
  REQUIRE(good);
  journal::SnapshotHead head = good->head;
  ++head.state_version;
  REQUIRE(journal::write_snapshot(disk, head, good->state()));
  CHECK_THAT(restored(disk).ignored.at(0), Catch::Contains("version " + std::to_string(broker::kStateVersion)));
  REQUIRE(journal::write_snapshot(disk, good->head, Buffer(100)));
  const Restored now = restored(disk);
  CHECK(now.snapshot == worked.first);
  check_same(now, worked.bench);
}

TEST_CASE("a snapshot ahead of a journal that lost its end is passed over with a word about the loss, and stays") {
  Worked worked;
  const Position ahead = worked.take();
  // As if the last record had never been written.
  EngineBench& bench = worked.bench;
  auto files = bench.disk.contents();
  Buffer scratch;
  const std::string segment = journal::kSegmentNames.of(Position(0));
  const auto last = bench.journal->read(Position(ahead.value - 1), scratch);
  REQUIRE(last);
  Buffer& bytes = files.at(segment);
  const Buffer nonce(last->nonce.begin(), last->nonce.end());
  const auto at = std::search(bytes.begin(), bytes.end(), nonce.begin(), nonce.end());
  REQUIRE(at != bytes.end());
  std::fill(at - 40, bytes.end(), std::uint8_t{0});
  test::FakeDisk disk(1, files);
  const Restored now = restored(disk);
  CHECK(now.snapshot == worked.second);
  CHECK(now.state.end == Position(ahead.value - 1));
  CHECK_THAT(now.ignored.at(0), Catch::Contains("missing from the journal"));
  CHECK(journal::snapshots_in(disk)->front() == ahead);
}

TEST_CASE("a snapshot of another journal is passed over") {
  Worked worked;
  EngineBench other(options());
  other.open(0);
  test::FakeDisk disk(1, other.disk.contents());
  const std::string name = journal::snapshot_name(worked.first);
  REQUIRE(disk.create_prefilled(name, 0));
  disk.bytes(name) = worked.bench.disk.bytes(name);
  const Restored now = restored(disk);
  CHECK(now.snapshot == Position(0));
  CHECK(now.ignored.size() == 1);
  CHECK(broker::state_hash(now.state) == broker::state_hash(other.state));
}

TEST_CASE("a damaged journal stops the start whatever snapshots there are") {
  Worked worked;
  test::FakeDisk disk(1, worked.bench.disk.contents());
  disk.bytes(journal::kSegmentNames.of(Position(0)))[4096 + 60] ^= 1;
  CHECK(restore(disk, options(), 1).error().code == ErrorCode::journal_damaged);
}

TEST_CASE("a snapshot is made from the first record when the one before it can't be read any more") {
  Worked worked;
  worked.bench.disk.bytes(journal::snapshot_name(worked.second)).back() ^= 1;
  REQUIRE(advance_snapshot(worked.bench.disk, worked.second, worked.bench.journal->durable_end(), kGoesOn).value());
  test::FakeDisk disk(1, worked.bench.disk.contents());
  const Restored now = restored(disk);
  CHECK(now.snapshot == worked.bench.journal->durable_end());
  check_same(now, worked.bench);
}

TEST_CASE("a snapshot that is given up leaves nothing") {
  Worked worked;
  const auto before = worked.bench.disk.contents();
  const std::atomic<bool> stopping = true;
  CHECK_FALSE(
      advance_snapshot(worked.bench.disk, worked.second, worked.bench.journal->durable_end(), stopping).value());
  CHECK(worked.bench.disk.contents() == before);
}

TEST_CASE("a snapshot is due after so many records or bytes, and not one before") {
  SnapshotSchedule records{Position(5)};
  CHECK_FALSE(records.durable(Position(5 + kSnapshotRecords - 1), 1));
  CHECK(records.durable(Position(5 + kSnapshotRecords), 1));
  CHECK_FALSE(records.durable(Position(6 + kSnapshotRecords), 1));
  SnapshotSchedule bytes{Position(0)};
  CHECK_FALSE(bytes.durable(Position(1), kSnapshotBytes - 1));
  CHECK(bytes.durable(Position(2), 1));
  CHECK_FALSE(bytes.durable(Position(3), kSnapshotBytes - 1));
}

TEST_CASE("the thread takes a snapshot at the end that it was told") {
  Worked worked;
  const Position end = worked.bench.journal->durable_end();
  Snapshotter snapshotter(worked.bench.disk, worked.second);
  snapshotter.durable(end, kSnapshotBytes);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (worked.newest() != end && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  snapshotter.stop();
  test::FakeDisk disk(1, worked.bench.disk.contents());
  CHECK(restored(disk).snapshot == end);
}

}  // namespace hub::runtime
