// What a repair makes of each damage: with a copy everything comes back; without one, nothing is invented, and what is
// given up is listed.
#include <catch2/catch.hpp>

#include "hub/journal/repair.hpp"
#include "tests/support/built_journal.hpp"

namespace hub::test {
namespace {

using journal::GivenUp;
using journal::RepairPlan;

struct Repaired {
  RepairPlan plan;
  std::vector<std::uint64_t> unreadable, readable;  // positions that were given up
};

Repaired repair(FakeDisk& damaged, const std::vector<FakeDisk*>& copies = {}) {
  std::vector<ports::Disk*> sources{&damaged};
  sources.insert(sources.end(), copies.begin(), copies.end());
  const auto before = damaged.contents();
  auto plan = journal::plan_repair(sources);
  REQUIRE(plan);
  Repaired out{std::move(*plan), {}, {}};
  std::uint64_t next = out.plan.end.value;
  REQUIRE(journal::for_each_given_up(sources, out.plan, [&](const GivenUp& given_up) {
    CHECK(given_up.first.value == next);  // every position once, in order
    next = given_up.end.value;
    for (Position p = given_up.first; p < given_up.end; p = p.next())
      (given_up.head ? out.readable : out.unreadable).push_back(p.value);
    if (given_up.head) {
      CHECK(given_up.head->position == given_up.first);
      CHECK(given_up.head->time == Sample(kBuiltSeed, given_up.first.value).record.time);
    }
  }));
  CHECK(next == out.plan.known_end.value);
  FakeDisk written;
  REQUIRE(journal::write_repaired(sources, out.plan, written));
  CHECK(damaged.contents() == before);
  // Nothing is invented: each record is the sample of its place, and the journal goes on.
  bool all_right = false;
  const auto opened = open_samples(written, small_options(), kBuiltSeed, all_right);
  REQUIRE(opened);
  CHECK(all_right);
  CHECK((*opened)->end() == out.plan.end);
  CHECK((*opened)->tree().root() == sample_root(kBuiltSeed, out.plan.end.value));
  CHECK(out.plan.root == sample_root(kBuiltSeed, out.plan.end.value));
  REQUIRE(append_sample(**opened, kBuiltSeed));
  REQUIRE(commit(**opened));
  CHECK_FALSE(journal::verify(written)->problem);
  return out;
}

void check_whole(const Repaired& repaired, const BuiltJournal& built) {
  CHECK(repaired.plan.is_needed());
  CHECK_FALSE(repaired.plan.gives_up());
  CHECK(repaired.plan.end.value == built.records.size());
  CHECK(repaired.plan.segments.size() == built.segments.size());
}

void check_cut(const Repaired& repaired, std::uint64_t end, const std::vector<std::uint64_t>& unreadable) {
  CHECK(repaired.plan.gives_up());
  CHECK(repaired.plan.end.value == end);
  CHECK(repaired.plan.known_end.value == kBuiltRecords);
  CHECK(repaired.unreadable == unreadable);
  CHECK(repaired.readable.size() == kBuiltRecords - end - unreadable.size());
}

std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t end) {
  std::vector<std::uint64_t> out;
  for (; first < end; ++first) out.push_back(first);
  return out;
}

std::uint64_t in_the_middle_of(const BuiltJournal& built, std::size_t segment) {
  return (built.first_in(built.segments[segment]) + built.first_in(built.segments[segment + 1])) / 2;
}

void flip(FakeDisk& disk, const Standing& where, std::uint64_t byte) {
  disk.bytes(where.file)[where.offset + byte] ^= 4;
}

}  // namespace

TEST_CASE("a flipped bit costs nothing with a copy of the record, and without one all that stands behind it") {
  const BuiltJournal built;
  const std::uint64_t position = in_the_middle_of(built, 1);
  FakeDisk damaged(0, built.files);
  FakeDisk copy(0, built.files);
  SECTION("in a head") {
    flip(damaged, built.records[position], 20);
    check_cut(repair(damaged), position, {position});
  }
  SECTION("in the last byte of metadata or body") {
    flip(damaged, built.records[position], built.used_bytes(position) - 1);
    CHECK(repair(damaged).plan.end.value == position);
  }
  const Repaired repaired = repair(damaged, {&copy});
  check_whole(repaired, built);
  std::uint64_t taken = 0;
  for (const auto& segment : repaired.plan.segments)
    for (const auto& piece : segment.pieces)
      if (piece.source == 1) taken += piece.end.value - piece.first.value;
  CHECK(taken == 1);
}

TEST_CASE("damage in two copies at different records is repaired from both") {
  const BuiltJournal built;
  const std::uint64_t position = in_the_middle_of(built, 1);
  FakeDisk damaged(0, built.files), copy(0, built.files), other(0, built.files);
  for (const std::uint64_t at : {position, position + 2}) flip(damaged, built.records[at], 20);
  flip(copy, built.records[position], 60);
  flip(other, built.records[position + 2], 60);
  check_whole(repair(damaged, {&copy, &other}), built);
  check_cut(repair(damaged, {&copy}), position, {position, position + 2});
}

TEST_CASE("a missing segment comes from a copy, or ends the journal before it") {
  const BuiltJournal built;
  FakeDisk copy(0, built.files);
  auto files = built.files;
  SECTION("in the middle") {
    files.erase(built.segments[1]);
    FakeDisk damaged(0, files);
    check_whole(repair(damaged, {&copy}), built);
    const auto first = built.first_in(built.segments[1]);
    check_cut(repair(damaged), first, range(first, built.first_in(built.segments[2])));
  }
  SECTION("the first") {
    files.erase(built.segments[0]);
    FakeDisk damaged(0, files);
    check_whole(repair(damaged, {&copy}), built);
    std::vector<ports::Disk*> sources{&damaged};
    CHECK(journal::plan_repair(sources).error().code == ErrorCode::journal_damaged);
  }
  SECTION("the last, of which only the durable end tells") {
    BuiltJournal told = built;
    told.say_durable(kBuiltRecords);
    told.files.erase(built.segments.back());
    FakeDisk damaged(0, told.files);
    check_whole(repair(damaged, {&copy}), built);
    const auto first = built.first_in(built.segments.back());
    check_cut(repair(damaged), first, range(first, kBuiltRecords));
  }
}

TEST_CASE("a truncated segment keeps the records before its end") {
  const BuiltJournal built;
  const std::uint64_t position = in_the_middle_of(built, 1);
  const auto& where = built.records[position];
  auto files = built.files;
  files.at(where.file).resize(where.offset + 100 + GENERATE(0u, 1u, 4u));
  FakeDisk damaged(0, files), copy(0, built.files);
  check_whole(repair(damaged, {&copy}), built);
  check_cut(repair(damaged), position, range(position, built.first_in(built.segments[2])));
}

TEST_CASE("swapped segments are put right by their headers alone") {
  const BuiltJournal built;
  auto files = built.files;
  std::swap(files.at(built.segments[1]), files.at(built.segments[2]));
  FakeDisk damaged(0, files);
  check_whole(repair(damaged), built);
}

TEST_CASE("a foreign segment is left out and named") {
  const BuiltJournal built, foreign(2);
  auto files = built.files;
  const std::size_t which = GENERATE(0u, 1u);
  files.at(built.segments[which]) = foreign.files.at(foreign.segments[which]);
  FakeDisk damaged(0, files), copy(0, built.files);
  const Repaired repaired = repair(damaged, {&copy});
  check_whole(repaired, built);
  REQUIRE(repaired.plan.left_out.size() == 1);
  CHECK(repaired.plan.left_out[0].file == damaged.describe(built.segments[which]));
  CHECK_THAT(repaired.plan.left_out[0].reason, Catch::Contains("another journal"));
  if (which == 1) {
    const auto first = built.first_in(built.segments[1]);
    check_cut(repair(damaged), first, range(first, built.first_in(built.segments[2])));
  }
}

TEST_CASE("an older copy of a segment keeps what it has") {
  const BuiltJournal built;
  const std::uint64_t position = in_the_middle_of(built, 1);
  const auto& where = built.records[position];
  auto files = built.files;
  std::fill(files.at(where.file).begin() + static_cast<std::ptrdiff_t>(where.offset), files.at(where.file).end(),
            std::uint8_t{0});
  FakeDisk older(0, files), whole(0, built.files);
  check_whole(repair(older, {&whole}), built);
  check_cut(repair(older), position, range(position, built.first_in(built.segments[2])));
  // As the copy it serves for what it has.
  FakeDisk damaged(0, built.files);
  flip(damaged, built.records[position - 1], 20);
  check_whole(repair(damaged, {&older}), built);
}

TEST_CASE("another history is not mixed in, whichever side tells it") {
  const BuiltJournal built;
  const std::uint64_t position = in_the_middle_of(built, 1);
  const BuiltJournal another(1, kBuiltRecords, position);
  FakeDisk copy(0, another.files);
  SECTION("the copy: it may bring back what lies before it parts") {
    FakeDisk damaged(0, built.files);
    flip(damaged, built.records[position - 1], 20);
    const Repaired repaired = repair(damaged, {&copy});
    check_whole(repaired, built);
    REQUIRE(repaired.plan.left_out.size() >= 1);
    CHECK_THAT(repaired.plan.left_out[0].reason,
               Catch::Contains("another history from position " + std::to_string(position)));
  }
  SECTION("the damaged journal: a segment of it was replaced") {
    auto files = built.files;
    files.at(built.segments[1]) = another.files.at(built.segments[1]);
    FakeDisk damaged(0, files), right(0, built.files);
    check_whole(repair(damaged, {&right}), built);
  }
}

TEST_CASE("a broken header is rebuilt when the segment behind confirms the records, and else not") {
  const BuiltJournal built;
  FakeDisk damaged(0, built.files), copy(0, built.files);
  const std::size_t which = GENERATE(0u, 1u, 99u);
  const std::string& name = which == 99 ? built.segments.back() : built.segments[which];
  damaged.bytes(name)[60] ^= 1;
  check_whole(repair(damaged, {&copy}), built);
  if (which == 99) {
    check_cut(repair(damaged), built.first_in(name), {});
  } else {
    const Repaired repaired = repair(damaged);
    check_whole(repaired, built);
    CHECK(repaired.plan.segments[which].header_rebuilt);
  }
}

TEST_CASE("a torn tail is cut and nothing is given up, and a whole journal needs no repair") {
  const BuiltJournal built;
  FakeDisk whole(0, built.files);
  std::vector<ports::Disk*> sources{&whole};
  CHECK_FALSE(journal::plan_repair(sources)->is_needed());
  FakeDisk torn(0, built.files);
  const auto& last = built.records.back();
  std::fill_n(torn.bytes(last.file).begin() + static_cast<std::ptrdiff_t>(last.offset + last.bytes), 256,
              std::uint8_t{0xee});
  check_whole(repair(torn), built);
}

TEST_CASE("a record of a newer program is no damage that a repair may cut") {
  const BuiltJournal built;
  FakeDisk disk(0, built.files);
  const auto& where = built.records[40];
  auto* record = disk.bytes(where.file).data() + where.offset;
  record[4] = 2;
  const auto of_header = crypto::crc32c(ByteView(record + 4, 116));
  store_le(record, crypto::crc32c(ByteView(record + journal::kRecordHeaderBytes, load_le<std::uint32_t>(record + 8)),
                                  of_header));
  std::vector<ports::Disk*> sources{&disk};
  CHECK(journal::plan_repair(sources).error().code == ErrorCode::record_unknown);
}

TEST_CASE("a full disk stops a repair with storage-full") {
  const BuiltJournal built;
  FakeDisk damaged(0, built.files), copy(0, built.files), out;
  flip(damaged, built.records[50], 20);
  out.limit_capacity(small_options().segment_bytes);
  std::vector<ports::Disk*> sources{&damaged, &copy};
  const auto plan = journal::plan_repair(sources);
  REQUIRE(plan);
  CHECK(journal::write_repaired(sources, *plan, out).error().code == ErrorCode::storage_full);
}

TEST_CASE("whatever is damaged at random, a copy brings everything back, and without one no record is another") {
  const BuiltJournal built;
  std::mt19937_64 random(7);
  for (int round = 0; round < 100; ++round) {
    INFO("round " << round);
    auto files = built.files;
    for (std::uint64_t n = 1 + random() % 3; n > 0; --n) {
      const std::size_t segment = random() % (built.segments.size() - 1);  // the last may look torn
      auto& bytes = files.at(built.segments[segment]);
      if (bytes.empty()) continue;
      const auto at = static_cast<std::ptrdiff_t>(random() % bytes.size());
      switch (random() % 4) {
        case 0:
          bytes[static_cast<std::size_t>(at)] ^= 1;
          break;
        case 1:
          std::fill(bytes.begin() + at, bytes.end(), std::uint8_t{0});
          break;
        case 2:
          bytes.resize(static_cast<std::size_t>(at));
          break;
        default:
          for (auto i = at; i < static_cast<std::ptrdiff_t>(bytes.size()) && i < at + 512; ++i)
            bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(random());
      }
    }
    FakeDisk damaged(0, files), copy(0, built.files);
    std::vector<ports::Disk*> sources{&damaged};
    const auto plan = journal::plan_repair(sources);
    if (plan && !plan->is_needed()) continue;  // padding, or an unused end
    if (plan) repair(damaged);
    check_whole(repair(damaged, {&copy}), built);
  }
}

}  // namespace hub::test
