// A disk that fills up: it is known beforehand, what is under way goes on, and space makes everything good again.
#include <catch2/catch.hpp>

#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {

using journal::Journal;

namespace {

Result<void> commit_body(Journal& journal, std::size_t bytes) {
  const Buffer body(bytes, 3);
  journal::NewRecord record;
  record.body = body;
  journal.append(record);
  return commit(journal);
}

}  // namespace

TEST_CASE("a full disk is announced before the segment is full, and what fits the segment is still taken") {
  FakeDisk disk;
  const auto options = small_options();
  disk.limit_capacity(options.segment_bytes);
  auto journal = std::move(Journal::create(disk, {1}, options).value());
  while (!journal->wants_segment()) REQUIRE(commit_body(*journal, 4000));
  CHECK_FALSE(journal->low_on_space());
  CHECK(journal->prepare_segment().error().code == ErrorCode::storage_full);
  CHECK(journal->wants_segment());
  CHECK_FALSE(journal->low_on_space());

  int before_low = 0, after_low = 0;
  while (journal->room(0, 1000)) {
    ++(journal->low_on_space() ? after_low : before_low);
    REQUIRE(commit_body(*journal, 1000));
  }
  CHECK(before_low > 5);
  CHECK(after_low > 10);  // a quarter of the segment

  SECTION("space makes room again") {
    disk.limit_capacity(2 * options.segment_bytes);
    CHECK(journal->prepare_segment().value());
    CHECK_FALSE(journal->low_on_space());
    CHECK(journal->room(0, 1000));
    REQUIRE(commit_body(*journal, 1000));
    CHECK(disk.list().value().size() == 2);
  }
  SECTION("a restart on the full disk finds everything, and that there is no room") {
    const Position end = journal->end();
    auto again = Journal::open(disk, options, [](const journal::RecordView&) -> Result<void> { return {}; });
    REQUIRE(again);
    CHECK((*again)->end() == end);
    CHECK((*again)->wants_segment());
    CHECK_FALSE((*again)->prepare_segment());
    CHECK((*again)->low_on_space());
    CHECK_FALSE((*again)->room(0, 1000));
  }
}

TEST_CASE("a group that needs a segment on a disk that just filled up fails with storage-full") {
  FakeDisk disk;
  const auto options = small_options();
  auto journal = std::move(Journal::create(disk, {1}, options).value());
  disk.limit_capacity(options.segment_bytes);
  Result<void> last;
  for (int i = 0; i < 100 && last; ++i) last = commit_body(*journal, 4000);
  REQUIRE_FALSE(last);
  CHECK(last.error().code == ErrorCode::storage_full);
}

}  // namespace hub::test
