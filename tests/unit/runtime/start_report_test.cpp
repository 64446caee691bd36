#include "hub/runtime/start_report.hpp"

#include <catch2/catch.hpp>

#include "tests/support/fake_disk.hpp"
#include "tests/support/journal_samples.hpp"

namespace hub::test {
namespace {

using Catch::Contains;

constexpr journal::JournalId kId = {1};

// A journal of five samples, and behind them some bytes of a group that was never whole.
std::unique_ptr<journal::Journal> opened(FakeDisk& disk, std::uint64_t torn_bytes) {
  auto journal = std::move(journal::Journal::create(disk, kId, small_options()).value());
  for (int i = 0; i < 5; ++i) REQUIRE(append_sample(*journal, 1));
  REQUIRE(commit(*journal));
  auto& bytes = disk.bytes("journal-00000000000000000000.seg");
  auto end = bytes.size();
  while (bytes[end - 1] == 0) --end;
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>((end + 7) / 8 * 8), torn_bytes, std::uint8_t{0xee});
  bool all_right = false;
  return std::move(open_samples(disk, small_options(), 1, all_right).value());
}

}  // namespace

TEST_CASE("after an end in order a start says how many records there are, and nothing else") {
  FakeDisk disk;
  const auto journal = opened(disk, 0);
  const auto report = runtime::report_start(*journal, journal::DurableEnd{kId, Position(5)}, true);
  CHECK_THAT(report.summary, Contains("5 records, all of them durable"));
  CHECK(report.warnings.empty());
}

TEST_CASE("after a crash a start says what is kept, what was taken away and what was not known to be durable") {
  FakeDisk disk;
  const auto journal = opened(disk, 64);
  const auto report = runtime::report_start(*journal, journal::DurableEnd{kId, Position(3)}, false);
  REQUIRE(report.warnings.size() == 3);
  CHECK_THAT(report.warnings[0], Contains("before position 5 is kept"));
  CHECK_THAT(report.warnings[1], Contains("64 bytes of disk:journal-00000000000000000000.seg from byte ") &&
                                     Contains("never became durable"));
  CHECK_THAT(report.warnings[2], Contains("from position 3 to 4"));
}

TEST_CASE("what was said of another journal says nothing of this one") {
  FakeDisk disk;
  const auto journal = opened(disk, 0);
  CHECK(runtime::report_start(*journal, journal::DurableEnd{{2}, Position(3)}, true).warnings.empty());
}

}  // namespace hub::test
