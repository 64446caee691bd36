// What inspecting shows of a journal that is whole and of one that is damaged.
#include <catch2/catch.hpp>
#include <numeric>

#include "hub/journal/inspect.hpp"
#include "tests/support/built_journal.hpp"

namespace hub::test {
namespace {

std::string wrong_checks(const journal::ExaminedRecord& record) {
  std::string out;
  for (const auto& check : record.checks)
    if (!check.good) out += std::string(check.what) + ";";
  return out;
}

}  // namespace

TEST_CASE("a whole journal is shown segment by segment, with its spare and what was never finished") {
  BuiltJournal built;
  built.say_durable(300);
  built.files[journal::kSpareName] = Buffer(4096);
  built.files["spare.seg.tmp"] = Buffer(10);
  FakeDisk disk(0, built.files);
  const auto found = journal::inspect(disk);
  REQUIRE(found);
  CHECK_FALSE(found->verified.problem);
  CHECK(found->verified.records == 300);
  CHECK(found->spare_bytes == 4096u);
  CHECK(found->unfinished == std::vector<std::string>{"spare.seg.tmp"});
  CHECK(found->durable_end->end == Position(300));
  REQUIRE(found->segments.size() == built.segments.size());
  std::uint64_t records = 0;
  for (const auto& segment : found->segments) {
    REQUIRE(segment.header);
    CHECK(segment.first == Position(records));
    CHECK(segment.first_time == Sample(kBuiltSeed, records).record.time);
    records += segment.records;
    CHECK(segment.whole == segment.records);
    CHECK(segment.last == Position(records - 1));
    CHECK(segment.used_bytes <= segment.bytes);
  }
  CHECK(records == 300);
  CHECK(std::accumulate(found->kinds.begin(), found->kinds.end(), std::uint64_t{0}) == 300);
  CHECK(disk.contents() == built.files);
}

TEST_CASE("behind damage segments and records are still shown") {
  const BuiltJournal built;
  FakeDisk disk(0, built.files);
  const std::uint64_t broken = built.first_in(built.segments[1]) + 3;
  const auto& where = built.records[broken];
  disk.bytes(where.file)[where.offset + 20] ^= 1;
  disk.bytes(built.segments[2])[60] ^= 1;
  const auto found = journal::inspect(disk);
  REQUIRE(found);
  REQUIRE(found->verified.problem);
  CHECK(found->verified.records == broken);
  CHECK(found->segments[1].records == built.first_in(built.segments[2]) - built.first_in(built.segments[1]) - 1);
  CHECK_FALSE(found->segments[2].header);
  CHECK(found->segments[2].first == Position(built.first_in(built.segments[2])));
}

TEST_CASE("each record is found by its position and passes its checks, and a position that is not there is unknown") {
  const BuiltJournal built;
  FakeDisk disk(0, built.files);
  for (std::uint64_t i = 0; i < 300; i += 13) {
    const auto place = journal::find_record(disk, Position(i));
    REQUIRE(place);
    CHECK(place->name == built.records[i].file);
    CHECK(place->offset == built.records[i].offset);
    const auto record = journal::examine_record(disk, *place);
    REQUIRE(record);
    CHECK(wrong_checks(*record).empty());
    REQUIRE(record->view);
    CHECK(Sample(kBuiltSeed, i).is(*record->view));
  }
  CHECK(journal::find_record(disk, Position(300)).error().code == ErrorCode::record_unknown);
}

TEST_CASE("a record's damage is named by the check that it fails") {
  const BuiltJournal built;
  std::size_t position = 50;
  while (load_le<std::uint32_t>(built.files.at(built.records[position].file).data() + built.records[position].offset +
                                12) == 0)
    ++position;
  const auto& where = built.records[position];
  const journal::RecordPlace place{where.file, where.offset};
  FakeDisk disk(0, built.files);
  auto* record = disk.bytes(where.file).data() + where.offset;
  SECTION("head") {
    record[20] ^= 1;
    const auto found = journal::examine_record(disk, place);
    CHECK(wrong_checks(*found) == "checksum of head and metadata;");
    CHECK_FALSE(found->view);
  }
  SECTION("body") {
    record[built.used_bytes(position) - 1] ^= 1;
    const auto found = journal::examine_record(disk, place);
    CHECK(wrong_checks(*found) == "checksum of the body;digest of the body;");
    CHECK(found->view->position == Position(position));
  }
  SECTION("a body with a checksum of its own") {
    auto* body = record + journal::kRecordHeaderBytes + load_le<std::uint32_t>(record + 8);
    body[0] ^= 1;
    store_le(record + 124, crypto::crc32c(ByteView(body, load_le<std::uint32_t>(record + 12))));
    CHECK(wrong_checks(*journal::examine_record(disk, place)) == "digest of the body;");
  }
  SECTION("lengths") {
    store_le<std::uint32_t>(record + 8, 1u << 30);
    CHECK(wrong_checks(*journal::examine_record(disk, place)) == "the lengths stay inside the segment;");
  }
  SECTION("nothing there") {
    std::fill_n(record, journal::kRecordHeaderBytes, std::uint8_t{0});
    CHECK(wrong_checks(*journal::examine_record(disk, place)) == "something was written here;");
  }
  SECTION("no place for a record") {
    for (const std::uint64_t offset :
         {std::uint64_t{4088}, where.offset + 1, small_options().segment_bytes - 120, small_options().segment_bytes})
      CHECK(journal::examine_record(disk, {where.file, offset}).error().code == ErrorCode::io_failed);
  }
}

}  // namespace hub::test
