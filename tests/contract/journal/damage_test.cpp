// Damage that no power cut makes: it is refused with file and offset, and nothing is changed.
#include <catch2/catch.hpp>

#include "hub/journal/record_codec.hpp"
#include "hub/journal/segment_format.hpp"
#include "hub/journal/verify.hpp"
#include "hub/journal/walk.hpp"
#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {
namespace {

using journal::Journal;

constexpr std::uint64_t kSeed = 5;

struct Standing {
  std::string file;
  std::uint64_t offset, bytes;
  std::uint32_t index_in_group;
};

// A journal of several segments, and where its records stand.
struct Built {
  FakeDisk::Snapshot files;
  std::vector<Standing> records;
  std::vector<std::string> segments;

  explicit Built(std::uint8_t id = 1, std::uint64_t records_wanted = 300) {
    FakeDisk disk;
    auto journal = std::move(Journal::create(disk, {id}, small_options()).value());
    for (std::uint64_t i = 0; i < records_wanted; ++i) {
      REQUIRE(append_sample(*journal, kSeed));
      if (i % 5 == 4) REQUIRE(commit(*journal));
    }
    REQUIRE(commit(*journal));
    files = disk.contents();
    for (const auto& [name, bytes] : files) segments.push_back(name);
    const auto visit = [&](const journal::RecordView& view, const journal::Place& place) -> Result<void> {
      records.push_back({segments.at(place.segment), place.offset, place.bytes, view.index_in_group});
      return {};
    };
    REQUIRE(journal::for_each_record(disk, visit));
    REQUIRE(records.size() == records_wanted);
    REQUIRE(segments.size() >= 3);
  }
};

std::string fact(const Error& error, const std::string& name) {
  for (const Fact& f : error.facts)
    if (f.name == name) return f.value;
  return {};
}

// Opening is refused as damaged, at this file and offset, and nothing was changed.
void check_refused(FakeDisk& disk, const std::string& file, std::uint64_t offset, const std::string& reason = "") {
  const auto before = disk.contents();
  bool all_right = false;
  const auto opened = open_samples(disk, small_options(), kSeed, all_right);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::journal_damaged);
  CHECK(fact(opened.error(), "file") == disk.describe(file));
  CHECK(fact(opened.error(), "offset") == std::to_string(offset));
  CHECK_THAT(fact(opened.error(), "reason"), Catch::Contains(reason));
  CHECK_THAT(fact(opened.error(), "action"), Catch::Contains("hubctl journal verify"));
  CHECK(disk.contents() == before);
  const auto report = journal::verify(disk);
  REQUIRE(report);
  REQUIRE(report->problem);
  CHECK(report->problem->file == disk.describe(file));
  CHECK(report->problem->offset == offset);
}

void check_cut(FakeDisk& disk, std::uint64_t records_left) {
  bool all_right = false;
  const auto opened = open_samples(disk, small_options(), kSeed, all_right);
  REQUIRE(opened);
  CHECK(all_right);
  CHECK((*opened)->end().value == records_left);
  const auto report = journal::verify(disk);
  REQUIRE(report);
  CHECK_FALSE(report->problem);
  CHECK(report->records == records_left);
  CHECK(report->torn_tail_bytes == 0);
}

std::size_t first_of_last_group(const Built& built) {
  std::size_t i = built.records.size() - 1;
  return i - built.records[i].index_in_group;
}

}  // namespace

TEST_CASE("a flipped bit anywhere in a record before the last group is refused with its file and offset") {
  const Built built;
  std::mt19937_64 random(1);
  for (int round = 0; round < 60; ++round) {
    const auto& where = built.records[random() % first_of_last_group(built)];
    FakeDisk disk(0, built.files);
    // Padding is covered by nothing and means nothing.
    const auto& bytes = disk.bytes(where.file);
    const ByteView record = ByteView(bytes).subspan(where.offset, where.bytes);
    const std::size_t used = journal::kRecordHeaderBytes + load_le<std::uint32_t>(record.data() + 8) +
                             load_le<std::uint32_t>(record.data() + 12);
    disk.bytes(where.file)[where.offset + random() % used] ^= static_cast<std::uint8_t>(1u << random() % 8);
    check_refused(disk, where.file, where.offset);
  }
}

TEST_CASE("zeroed sectors before the last group are refused") {
  const Built built;
  for (std::size_t i = 0; i < first_of_last_group(built); i += 7) {
    const auto& where = built.records[i];
    FakeDisk disk(0, built.files);
    std::fill_n(disk.bytes(where.file).begin() + static_cast<std::ptrdiff_t>(where.offset), where.bytes,
                std::uint8_t{0});
    check_refused(disk, where.file, where.offset);
  }
}

TEST_CASE("a broken record in the last group cuts the journal there") {
  const Built built;
  for (std::size_t i = first_of_last_group(built); i < built.records.size(); ++i) {
    const auto& where = built.records[i];
    FakeDisk disk(0, built.files);
    disk.bytes(where.file)[where.offset + 20] ^= 1;
    check_cut(disk, i);
  }
}

TEST_CASE("garbage behind the last record is cut, records of documents in it count for nothing") {
  Built built;
  const auto& last = built.records.back();
  const std::uint64_t end = last.offset + last.bytes;
  // What a document could bring: a record that is perfect, of a position that can't stand here.
  Buffer fake(journal::record_bytes(0, 0));
  journal::encode_record({}, Position(built.records.size() + 1000), 0, fake.data());
  FakeDisk disk(0, built.files);
  auto& bytes = disk.bytes(last.file);
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(end), 256, std::uint8_t{0xee});
  std::copy(fake.begin(), fake.end(), bytes.begin() + static_cast<std::ptrdiff_t>(end + 512));
  check_cut(disk, built.records.size());
}

TEST_CASE("a record of a newer format version is refused, not cut") {
  const Built built;
  const auto& where = built.records.back();
  FakeDisk disk(0, built.files);
  auto* record = disk.bytes(where.file).data() + where.offset;
  record[4] = 2;
  const auto metadata_bytes = load_le<std::uint32_t>(record + 8);
  const auto header_crc = crypto::crc32c(ByteView(record + 4, 116));
  store_le(record, crypto::crc32c(ByteView(record + journal::kRecordHeaderBytes, metadata_bytes), header_crc));
  check_refused(disk, where.file, where.offset, "version");
}

TEST_CASE("missing, swapped, foreign, truncated and older segments are refused") {
  const Built built;
  const Built foreign(2);
  const auto& names = built.segments;
  const std::size_t last = names.size() - 1;
  FakeDisk::Snapshot files = built.files;
  SECTION("the first is missing") {
    files.erase(names[0]);
    FakeDisk disk(0, files);
    check_refused(disk, names[1], 0, "missing from position 0");
  }
  SECTION("one in the middle is missing") {
    files.erase(names[1]);
    FakeDisk disk(0, files);
    const auto end_of_first = std::find_if(built.records.begin(), built.records.end(),
                                           [&](const Standing& r) { return r.file == names[1]; }) -
                              1;
    check_refused(disk, names[0], end_of_first->offset + end_of_first->bytes, "is missing");
  }
  SECTION("two are swapped") {
    std::swap(files[names[1]], files[names[2]]);
    FakeDisk disk(0, files);
    check_refused(disk, names[1], 0, "different first positions");
  }
  SECTION("one belongs to another journal with the same records") {
    files[names[1]] = foreign.files.at(names[1]);
    FakeDisk disk(0, files);
    check_refused(disk, names[1], 0, "another journal");
  }
  SECTION("one belongs to another history of this journal") {
    FakeDisk other_disk;
    auto other = std::move(Journal::create(other_disk, {1}, small_options()).value());
    // The same sizes, so the same names; other contents.
    for (std::uint64_t i = 0; i < 300; ++i) {
      Sample sample(kSeed, i);
      sample.record.kind ^= 1;
      if (!other->room(sample.metadata.size(), sample.body.size())) REQUIRE(commit(*other));
      other->append(sample.record);
      if (i % 5 == 4) REQUIRE(commit(*other));
    }
    files[names[1]] = other_disk.contents().at(names[1]);
    FakeDisk disk(0, files);
    check_refused(disk, names[1], 0, "does not continue");
  }
  SECTION("the last is truncated") {
    files[names[last]].resize(files[names[last]].size() - 512);
    FakeDisk disk(0, files);
    check_refused(disk, names[last], files[names[last]].size(), "size");
  }
  SECTION("the last is empty") {
    files[names[last]].clear();
    FakeDisk disk(0, files);
    check_refused(disk, names[last], 0, "cut short");
  }
  SECTION("the header of the last is broken") {
    files[names[last]][50] ^= 1;
    FakeDisk disk(0, files);
    check_refused(disk, names[last], 0, "header");
  }
  SECTION("an older copy of one in the middle ends early") {
    const auto in_second = std::find_if(built.records.rbegin(), built.records.rend(),
                                        [&](const Standing& r) { return r.file == names[1]; });
    auto& bytes = files[names[1]];
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(in_second->offset), bytes.end(), std::uint8_t{0});
    FakeDisk disk(0, files);
    check_refused(disk, names[1], in_second->offset, "is missing");
  }
  SECTION("the last has lost its first record, which was synced before the segment had its name") {
    auto& bytes = files[names[last]];
    std::fill(bytes.begin() + journal::kSegmentHeaderBytes, bytes.end(), std::uint8_t{0});
    FakeDisk disk(0, files);
    check_refused(disk, names[last], journal::kSegmentHeaderBytes, "first record");
  }
}

TEST_CASE("an erased body is no damage, and a body that does not fit its digest is found by verifying") {
  const Built built;
  const auto with_body = std::find_if(built.records.begin(), built.records.end(), [&](const Standing& r) {
    return load_le<std::uint32_t>(built.files.at(r.file).data() + r.offset + 12) > 0;
  });
  const auto position = static_cast<std::uint64_t>(with_body - built.records.begin());
  FakeDisk disk(0, built.files);
  auto* record = disk.bytes(with_body->file).data() + with_body->offset;
  auto* body = record + journal::kRecordHeaderBytes + load_le<std::uint32_t>(record + 8);
  const auto body_bytes = load_le<std::uint32_t>(record + 12);
  SECTION("erased") {
    std::fill_n(body, body_bytes, std::uint8_t{0});
    store_le(record + 120, journal::kBodyErased);
    const auto report = journal::verify(disk);
    REQUIRE(report);
    CHECK_FALSE(report->problem);
    CHECK(report->erased_bodies == 1);
    CHECK(report->root == sample_root(kSeed, built.records.size()));
    bool all_right = false;
    const auto journal = open_samples(disk, small_options(), kSeed, all_right);
    REQUIRE(journal);
    Buffer scratch;
    const auto view = (*journal)->read(Position(position), scratch);
    REQUIRE(view);
    CHECK(view->erased);
    CHECK(view->body.empty());
    CHECK(view->body_digest == Sample(kSeed, position).record.body_digest);
  }
  SECTION("replaced, with a checksum that fits") {
    body[0] ^= 1;
    store_le(record + 124, crypto::crc32c(ByteView(body, body_bytes)));
    const auto report = journal::verify(disk);
    REQUIRE(report);
    REQUIRE(report->problem);
    CHECK(report->problem->offset == with_body->offset);
    CHECK(report->records == position);
    CHECK(report->root == sample_root(kSeed, position));
  }
}

TEST_CASE("reading a record that decayed after the start is journal-damaged") {
  const Built built;
  FakeDisk disk(0, built.files);
  bool all_right = false;
  const auto journal = open_samples(disk, small_options(), kSeed, all_right);
  REQUIRE(journal);
  disk.bytes(built.records[10].file)[built.records[10].offset + 20] ^= 1;
  Buffer scratch;
  CHECK((*journal)->read(Position(10), scratch).error().code == ErrorCode::journal_damaged);
  CHECK((*journal)->read(Position(11), scratch));
}

}  // namespace hub::test
