// A segment of version 1, written once, that must be read and written the same for ever. A change of the format adds a
// file beside it. HUB_WRITE_GOLDEN=1 writes the files anew; that is for a new version's first time.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "hub/journal/verify.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {
namespace {

constexpr std::uint64_t kGoldenSeed = 2024, kRecords = 40;
const std::string kFolder = HUB_SOURCE_DIR "/tests/golden/journal/";
const std::string kSegment = "journal-00000000000000000000.seg";

Buffer written_now() {
  FakeDisk disk;
  journal::JournalId id;
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(0xa0 + i);
  auto options = small_options();
  options.segment_bytes = 32 << 10;
  auto journal = std::move(journal::Journal::create(disk, id, options).value());
  for (std::uint64_t i = 0; i < kRecords; ++i) {
    const Sample sample(kGoldenSeed, i, 700);
    journal->append(sample.record);
    if (i % 4 == 3) REQUIRE(commit(*journal));
  }
  return disk.contents().at(kSegment);
}

Buffer golden_segment() {
  std::ifstream file(kFolder + "v1.seg", std::ios::binary);
  return Buffer(std::istreambuf_iterator<char>(file), {});
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
  if (std::getenv("HUB_WRITE_GOLDEN") != nullptr) {
    const Buffer bytes = written_now();
    std::ofstream(kFolder + "v1.seg", std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    std::ofstream(kFolder + "v1.leaves.txt") << leaves_now();
  }
  const Buffer golden = golden_segment();
  REQUIRE_FALSE(golden.empty());
  CHECK(golden == written_now());
  FakeDisk disk(0, {{kSegment, golden}});
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

}  // namespace hub::test
