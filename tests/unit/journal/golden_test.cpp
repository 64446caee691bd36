// A segment, an index and a snapshot of version 1, written once, that must be read and written the same for ever. A change
// of a format adds a file beside it. HUB_WRITE_GOLDEN=1 writes the files anew; that is for a new version's first time.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "hub/journal/record_codec.hpp"
#include "hub/journal/segment_index.hpp"
#include "hub/journal/snapshot_file.hpp"
#include "hub/journal/verify.hpp"
#include "hub/journal/walk.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {
namespace {

constexpr std::uint64_t kGoldenSeed = 2024, kRecords = 40;
const std::string kFolder = HUB_SOURCE_DIR "/tests/golden/journal/";
const std::string kSegment = "journal-00000000000000000000.seg";

journal::JournalId golden_id() {
  journal::JournalId id;
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(0xa0 + i);
  return id;
}

Buffer written_now() {
  FakeDisk disk;
  auto options = small_options();
  options.segment_bytes = 32 << 10;
  auto journal = std::move(journal::Journal::create(disk, golden_id(), options).value());
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    const Sample sample(kGoldenSeed, i, 700);
    journal->append(sample.record);
    if (i % 4 == 3) REQUIRE(commit(*journal));
  }
  return disk.contents().at(kSegment);
}

Buffer golden(const std::string& name) {
  std::ifstream file(kFolder + name, std::ios::binary);
  return Buffer(std::istreambuf_iterator<char>(file), {});
}

void write_golden(const std::string& name, const Buffer& bytes) {
  if (std::getenv("HUB_WRITE_GOLDEN") == nullptr) return;
  std::ofstream(kFolder + name, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

crypto::MerkleFrontier golden_tree() {
  crypto::MerkleFrontier tree;
  for (std::uint64_t i = 0; i < kRecords; ++i) tree.add(Sample(kGoldenSeed, i, 700).leaf());
  return tree;
}

// The golden segment's index, as if it were sealed.
journal::SegmentIndex golden_index() {
  FakeDisk disk(0, {{kSegment, golden("v1.seg")}});
  journal::OffsetSampler sampler;
  std::uint64_t end = 0;
  const auto visit = [&](const journal::RecordView&, const journal::Place& place) -> Result<void> {
    sampler.add(place.offset);
    end = place.offset + place.bytes;
    return {};
  };
  REQUIRE(journal::for_each_record(disk, visit));
  return {golden_id(), Position(0), kRecords, golden("v1.seg").size(), end, golden_tree(), sampler.take()};
}

std::string leaves_now() {
  std::string text;
  crypto::MerkleFrontier tree;
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    const crypto::Digest leaf = Sample(kGoldenSeed, i, 700).leaf();
    tree.add(leaf);
    text += to_hex(leaf) + "\n";
  }
  return text + "root " + to_hex(tree.root()) + "\n";
}

}  // namespace

TEST_CASE("the golden segment of version 1 is read, and the same records give the same bytes") {
  write_golden("v1.seg", written_now());
  if (std::getenv("HUB_WRITE_GOLDEN") != nullptr) std::ofstream(kFolder + "v1.leaves.txt") << leaves_now();
  const Buffer segment = golden("v1.seg");
  REQUIRE_FALSE(segment.empty());
  CHECK(segment == written_now());
  FakeDisk disk(0, {{kSegment, segment}});
  Position next(0);
  REQUIRE(journal::Journal::open(disk, small_options(), [&](const journal::RecordView& view) -> Result<void> {
    CHECK(Sample(kGoldenSeed, next.value, 700).is(view));
    next = next.next();
    return {};
  }));
  CHECK(next == Position(kRecords));
  std::ifstream leaves(kFolder + "v1.leaves.txt");
  const std::string text(std::istreambuf_iterator<char>(leaves), {});
  CHECK(text == leaves_now());
  const auto report = journal::verify(disk);
  REQUIRE(report);
  CHECK_THAT(text, Catch::Contains("root " + to_hex(report->root)));
}

TEST_CASE("the golden index of version 1 is read, and the same segment gives the same bytes") {
  const journal::SegmentIndex now = golden_index();
  write_golden("v1.idx", journal::encode_index(now));
  const Buffer bytes = golden("v1.idx");
  CHECK(bytes == journal::encode_index(now));
  const auto read = journal::decode_index(bytes);
  REQUIRE(read);
  CHECK(*read == now);
  CHECK(read->tree.root() == golden_tree().root());
}

TEST_CASE("the golden snapshot of version 1 is read, and the same state gives the same bytes") {
  const journal::SnapshotHead head{golden_id(), 3, UnixMicros(1'710'205'200'000'000), golden_tree()};
  const Buffer state(100, 0x5a);
  FakeDisk written;
  REQUIRE(journal::write_snapshot(written, head, state));
  const std::string name = journal::snapshot_name(Position(kRecords));
  write_golden("v1.snap", written.bytes(name));
  const Buffer bytes = golden("v1.snap");
  CHECK(bytes == written.bytes(name));
  FakeDisk disk(0, {{name, bytes}});
  const auto read = journal::read_snapshot(disk, Position(kRecords));
  REQUIRE(read);
  CHECK(read->head.journal == golden_id());
  CHECK(read->head.state_version == 3);
  CHECK(read->head.time == head.time);
  CHECK(read->head.known().root == golden_tree().root());
  CHECK(equal(read->state(), state));
}

// A record whose body is encrypted: the same head, with the number of its key. What is stored, not how it came to be, is
// the journal's matter; that these bytes open with that secret is tested beside the sealer.
TEST_CASE("the golden record with an encrypted body is read, and written the same") {
  const std::string path = kFolder + "v1-sealed.rec";
  journal::NewRecord record;
  record.kind = 6;
  record.time = UnixMicros(1'710'205'200'000'000);
  for (std::size_t i = 0; i < record.nonce.size(); ++i) record.nonce[i] = static_cast<std::uint8_t>(i);
  const Buffer metadata = {0x80};
  const auto stored = from_hex("0fe36d88e59604baad37763014c9bbccedf076a8ed9e74a95937c95912e65666db");
  record.metadata = metadata;
  record.body = *stored;
  record.body_key = 7;
  record.body_digest = crypto::sha256(as_bytes("Hồ sơ vụ án"));
  Buffer bytes(journal::record_bytes(metadata.size(), stored->size()));
  journal::encode_record(record, Position(9), 0, bytes.data());
  if (std::getenv("HUB_WRITE_GOLDEN") != nullptr)
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  std::ifstream file(path, std::ios::binary);
  const Buffer golden(std::istreambuf_iterator<char>(file), {});
  REQUIRE_FALSE(golden.empty());
  CHECK(golden == bytes);
  const auto read = journal::decode_record(golden);
  REQUIRE(read.state == journal::RecordState::whole);
  CHECK(read.view.body_key == 7);
  CHECK(equal(read.view.body, *stored));
  CHECK(journal::sent_body_bytes(read.view) == std::string("Hồ sơ vụ án").size());
  CHECK(journal::leaf_of(read.view) ==
        journal::leaf_of(journal::head_digest(record.nonce, 6, record.time, metadata), record.body_digest, {}));
}

}  // namespace hub::test
