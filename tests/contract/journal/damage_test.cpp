// Damage that no power cut makes: it is refused with file and offset, and nothing is changed.
#include <catch2/catch.hpp>

#include "hub/journal/verify.hpp"
#include "tests/support/built_journal.hpp"

namespace hub::test {
namespace {

using journal::Journal;

// Opening is refused as damaged, at this file and offset, and nothing was changed.
void check_refused(FakeDisk& disk, const std::string& file, std::uint64_t offset, const std::string& reason = "") {
  const auto before = disk.contents();
  bool all_right = false;
  const auto opened = open_samples(disk, small_options(), kBuiltSeed, all_right);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::journal_damaged);
  CHECK(opened.error().fact("file") == disk.describe(file));
  CHECK(opened.error().fact("offset") == std::to_string(offset));
  CHECK_THAT(opened.error().fact("reason"), Catch::Contains(reason));
  for (const char* command : {"verify", "inspect", "repair"})
    CHECK_THAT(opened.error().fact("action"), Catch::Contains(std::string("hubctl journal ") + command));
  CHECK(disk.contents() == before);
  const auto report = journal::verify(disk);
  REQUIRE(report);
  REQUIRE(report->problem);
  CHECK(report->problem->file == disk.describe(file));
  CHECK(report->problem->offset == offset);
}

void check_cut(FakeDisk& disk, std::uint64_t records_left) {
  bool all_right = false;
  const auto opened = open_samples(disk, small_options(), kBuiltSeed, all_right);
  REQUIRE(opened);
  CHECK(all_right);
  CHECK((*opened)->end().value == records_left);
  const auto report = journal::verify(disk);
  REQUIRE(report);
  CHECK_FALSE(report->problem);
  CHECK(report->records == records_left);
  CHECK(report->torn_tail_bytes == 0);
}

}  // namespace

TEST_CASE("a flipped bit anywhere in a record before the last group is refused with its file and offset") {
  const BuiltJournal built;
  std::mt19937_64 random(1);
  for (int round = 0; round < 60; ++round) {
    const std::size_t position = random() % built.first_of_last_group();
    const auto& where = built.records[position];
    FakeDisk disk(0, built.files);
    disk.bytes(where.file)[where.offset + random() % built.used_bytes(position)] ^=
        static_cast<std::uint8_t>(1u << random() % 8);
    check_refused(disk, where.file, where.offset);
  }
}

TEST_CASE("zeroed sectors before the last group are refused") {
  const BuiltJournal built;
  for (std::size_t i = 0; i < built.first_of_last_group(); i += 7) {
    const auto& where = built.records[i];
    FakeDisk disk(0, built.files);
    std::fill_n(disk.bytes(where.file).begin() + static_cast<std::ptrdiff_t>(where.offset), where.bytes,
                std::uint8_t{0});
    check_refused(disk, where.file, where.offset);
  }
}

TEST_CASE("a broken record in the last group cuts the journal there") {
  const BuiltJournal built;
  for (std::size_t i = built.first_of_last_group(); i < built.records.size(); ++i) {
    const auto& where = built.records[i];
    FakeDisk disk(0, built.files);
    disk.bytes(where.file)[where.offset + 20] ^= 1;
    check_cut(disk, i);
  }
}

TEST_CASE("what was said to be durable and is gone is refused, a torn tail behind it is cut") {
  BuiltJournal built;
  const std::uint64_t end = built.records.size();
  const auto& last = built.records.back();
  SECTION("a broken record in the last group") {
    built.say_durable(end);
    FakeDisk disk(0, built.files);
    disk.bytes(last.file)[last.offset + 20] ^= 1;
    check_refused(disk, last.file, last.offset, "durable up to position 300");
  }
  SECTION("the last segment is missing") {
    built.say_durable(end);
    const auto& before = built.records[built.first_in(last.file) - 1];
    built.files.erase(last.file);
    FakeDisk disk(0, built.files);
    check_refused(disk, before.file, before.offset + before.bytes, "durable up to position 300");
  }
  SECTION("an older copy of the last segment") {
    built.say_durable(end);
    const auto& group = built.records[built.first_of_last_group()];
    auto& bytes = built.files.at(group.file);
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(group.offset), bytes.end(), std::uint8_t{0});
    FakeDisk disk(0, built.files);
    check_refused(disk, group.file, group.offset, "durable up to position 300");
  }
  SECTION("a group of which nothing was said") {
    built.say_durable(built.first_of_last_group());
    FakeDisk disk(0, built.files);
    disk.bytes(last.file)[last.offset + 20] ^= 1;
    check_cut(disk, end - 1);
  }
  SECTION("said of another journal") {
    BuiltJournal other(2);
    other.say_durable(end + 1);
    built.files[journal::kDurableEndName] = other.files.at(journal::kDurableEndName);
    FakeDisk disk(0, built.files);
    check_cut(disk, end);
  }
}

TEST_CASE("garbage behind the last record is cut, records of documents in it count for nothing") {
  BuiltJournal built;
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
  const BuiltJournal built;
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
  const BuiltJournal built;
  const BuiltJournal foreign(2);
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
    const BuiltJournal other(1, 300, 0);  // the same sizes, so the same names
    files[names[1]] = other.files.at(names[1]);
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
  const BuiltJournal built;
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
    CHECK(report->root == sample_root(kBuiltSeed, built.records.size()));
    bool all_right = false;
    const auto journal = open_samples(disk, small_options(), kBuiltSeed, all_right);
    REQUIRE(journal);
    Buffer scratch;
    const auto view = (*journal)->read(Position(position), scratch);
    REQUIRE(view);
    CHECK(view->erased);
    CHECK(view->body.empty());
    CHECK(view->body_digest == Sample(kBuiltSeed, position).record.body_digest);
  }
  SECTION("replaced, with a checksum that fits") {
    body[0] ^= 1;
    store_le(record + 124, crypto::crc32c(ByteView(body, body_bytes)));
    const auto report = journal::verify(disk);
    REQUIRE(report);
    REQUIRE(report->problem);
    CHECK(report->problem->offset == with_body->offset);
    CHECK(report->records == position);
    CHECK(report->root == sample_root(kBuiltSeed, position));
  }
}

TEST_CASE("reading a record that decayed after the start is journal-damaged") {
  const BuiltJournal built;
  FakeDisk disk(0, built.files);
  bool all_right = false;
  const auto journal = open_samples(disk, small_options(), kBuiltSeed, all_right);
  REQUIRE(journal);
  disk.bytes(built.records[10].file)[built.records[10].offset + 20] ^= 1;
  Buffer scratch;
  CHECK((*journal)->read(Position(10), scratch).error().code == ErrorCode::journal_damaged);
  CHECK((*journal)->read(Position(11), scratch));
}

}  // namespace hub::test
