// Bits that flip at rest, anywhere in a journal that was stopped: each that lies in a header or a record is found, by a
// start and by verifying. What is covered by nothing means nothing.
#include <catch2/catch.hpp>
#include <cstdio>

#include "hub/journal/verify.hpp"
#include "tests/support/built_journal.hpp"

namespace hub::test {
namespace {

constexpr int kFlips = 4000;

enum class Lies { in_header, in_record, in_padding, behind_the_records };

Lies place_of(const BuiltJournal& built, const std::string& segment, std::uint64_t offset) {
  if (offset < journal::kSegmentHeaderBytes) return Lies::in_header;
  for (std::size_t i = built.first_in(segment); i < built.records.size() && built.records[i].file == segment; ++i) {
    const Standing& where = built.records[i];
    if (offset >= where.offset + where.bytes) continue;
    return offset < where.offset + built.used_bytes(i) ? Lies::in_record : Lies::in_padding;
  }
  return Lies::behind_the_records;
}

bool start_refuses(FakeDisk& disk) {
  bool all_right = false;
  const auto opened = open_samples(disk, small_options(), kBuiltSeed, all_right);
  if (opened) CHECK(all_right);  // nothing that is wrong is ever taken in
  if (opened) CHECK((*opened)->end().value == 300);
  return !opened;
}

}  // namespace

TEST_CASE("each bit that flips in a header or a record at rest is found, and no flip elsewhere changes a record") {
  BuiltJournal built;
  built.say_durable(built.records.size());
  std::mt19937_64 random(11);
  int tried = 0, found = 0, missed = 0, meaningless = 0;
  for (int i = 0; i < kFlips; ++i) {
    const std::string& segment = built.segments[random() % built.segments.size()];
    FakeDisk disk(0, built.files);
    auto& bytes = disk.bytes(segment);
    const std::uint64_t offset = random() % bytes.size();
    bytes[offset] ^= static_cast<std::uint8_t>(1u << random() % 8);
    const Lies lies = place_of(built, segment, offset);
    INFO(segment << " byte " << offset);
    const auto report = journal::verify(disk);
    REQUIRE(report);
    const bool refused = start_refuses(disk);
    CHECK(refused == report->problem.has_value());
    ++tried;
    const bool must_be_found = lies == Lies::in_header || lies == Lies::in_record;
    if (!must_be_found) ++meaningless;
    if (must_be_found) ++(refused ? found : missed);
  }
  std::printf("flips at rest: %d tried, %d in headers and records, %d found, %d missed; %d in padding or unused ends\n",
              tried, found + missed, found, missed, meaningless);
  CHECK(missed == 0);
  CHECK(found > kFlips / 3);
}

}  // namespace hub::test
