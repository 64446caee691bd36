#include "hub/alerts/rhythm.hpp"

#include <catch2/catch.hpp>

#include "hub/alerts/notice.hpp"

namespace hub::alerts {
namespace {

constexpr std::int64_t kHour = 3600 * kMicrosPerSecond;
constexpr UnixMicros hour(std::int64_t hours) { return UnixMicros(1'700'000'000'000'000 + hours * kHour); }

}  // namespace

TEST_CASE("a flow that came every day and stops is silent after three days, and not before") {
  Rhythm rhythm;
  for (int day = 0; day < 10; ++day) rhythm.add("a", "t/1", hour(24 * day));
  CHECK(rhythm.silent(hour(24 * 9 + 72)).empty());
  const auto silent = rhythm.silent(hour(24 * 9 + 73));
  REQUIRE(silent.size() == 1);
  CHECK(silent[0].sender == "a");
  CHECK(silent[0].type == "t/1");
  CHECK(silent[0].last == hour(24 * 9));
  rhythm.add("a", "t/1", hour(24 * 13));
  CHECK(rhythm.silent(hour(24 * 13 + 1)).empty());
}

TEST_CASE("nights and weekends are no silence") {
  Rhythm rhythm;
  for (int day = 0; day < 12; ++day)
    if (day % 7 < 5)
      for (int h = 0; h < 8; ++h) rhythm.add("a", "t/1", hour(24 * day + h));
  const std::int64_t friday_evening = 24 * 11 + 7;
  CHECK(rhythm.silent(hour(friday_evening + 64)).empty());
  CHECK(rhythm.silent(hour(friday_evening + 120)).size() == 1);
}

TEST_CASE("what a ledger that is built anew tells again changes nothing") {
  Rhythm rhythm;
  for (int again = 0; again < 2; ++again)
    for (int day = 0; day < 10 - 5 * again; ++day) rhythm.add("a", "t/1", hour(24 * day));
  CHECK(rhythm.silent(hour(24 * 9 + 72)).empty());
  CHECK(rhythm.silent(hour(24 * 9 + 73)).size() == 1);
}

TEST_CASE("a few documents make no rhythm, nor do many in one go") {
  Rhythm rhythm;
  for (std::size_t i = 1; i < kTimesMin; ++i) rhythm.add("a", "t/1", hour(static_cast<std::int64_t>(i)));
  for (int i = 0; i < 100; ++i) rhythm.add("b", "t/1", UnixMicros(hour(0).value + i * kMicrosPerSecond));
  CHECK(rhythm.silent(hour(10'000)).empty());
  rhythm.add("a", "t/1", hour(static_cast<std::int64_t>(kTimesMin)));
  CHECK(rhythm.silent(hour(10'000)).size() == 1);
}

TEST_CASE("that no more notices of alerts come is no silence") {
  Rhythm rhythm;
  for (int day = 0; day < 10; ++day) rhythm.add("a", std::string(kNoticeType), hour(24 * day));
  CHECK(rhythm.silent(hour(10'000)).empty());
}

TEST_CASE("so many times of a flow are looked at, and with one more the first is forgotten") {
  for (const std::size_t more : {std::size_t{0}, std::size_t{1}}) {
    Rhythm rhythm;
    rhythm.add("a", "t/1", hour(0));  // a long silence, as long as it is remembered
    std::int64_t last = 1'000;
    for (std::size_t i = 1; i < kTimesMax + more; ++i, last += 24) rhythm.add("a", "t/1", hour(last));
    CHECK(rhythm.silent(hour(last - 24 + 73)).size() == more);
  }
}

TEST_CASE("no more flows are followed than there is room for") {
  Rhythm rhythm;
  for (std::size_t i = 0; i <= kFlowsMax; ++i)
    for (std::size_t n = 0; n < kTimesMin; ++n) rhythm.add(std::to_string(i), "t/1", hour(static_cast<std::int64_t>(n)));
  CHECK(rhythm.silent(hour(10'000)).size() == kFlowsMax);
}

}  // namespace hub::alerts
