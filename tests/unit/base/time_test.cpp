#include "hub/base/time.hpp"

#include <catch2/catch.hpp>
#include <random>

namespace hub {

TEST_CASE("RFC 3339 times are read with every offset and up to six decimals") {
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == UnixMicros(0));
  CHECK(parse_rfc3339("2024-03-12T08:00:00+07:00") == parse_rfc3339("2024-03-12T01:00:00Z"));
  CHECK(parse_rfc3339("2024-03-11T18:30:00-06:30") == parse_rfc3339("2024-03-12T01:00:00Z"));
  CHECK(parse_rfc3339("1970-01-01T00:00:00.5Z") == UnixMicros(500'000));
  CHECK(parse_rfc3339("1970-01-01T00:00:00.000001Z") == UnixMicros(1));
  CHECK(parse_rfc3339("1969-12-31T23:59:59.999999Z") == UnixMicros(-1));
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
}

TEST_CASE("what is no RFC 3339 time or no real date is refused") {
  for (const char* text : {"",
                           "2024-03-12",
                           "2024-03-12T01:00:00",
                           "2024-03-12 01:00:00Z",
                           "2024-03-12t01:00:00Z",
                           "2024-03-12T01:00:00z",
                           "2024-03-12T01:00:00.Z",
                           "2024-03-12T01:00:00.1234567Z",
                           "2024-03-12T24:00:00Z",
                           "2024-03-12T01:60:00Z",
                           "2024-03-12T01:00:60Z",
                           "2023-02-29T00:00:00Z",
                           "2024-04-31T00:00:00Z",
                           "2024-13-01T00:00:00Z",
                           "2024-00-01T00:00:00Z",
                           "2024-01-00T00:00:00Z",
                           "2024-03-12T01:00:00+7:00",
                           "2024-03-12T01:00:00+24:00",
                           "2024-03-12T01:00:00+0700",
                           "2024-03-12T01:00:00Zx",
                           "+024-03-12T01:00:00Z",
                           "2024-03-12T01:00:00.5",
                           "2024/03/12T01:00:00Z",
                           "2024-03-12T-1:00:00Z"})
    CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("a time that is written is read back the same") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const UnixMicros time(static_cast<std::int64_t>(random() % 10'000'000'000'000'000) - 5'000'000'000'000'000);
    REQUIRE(parse_rfc3339(format_rfc3339(time)) == time);
    REQUIRE(start_of(local_date(time)) <= time);
    REQUIRE(time < start_of(LocalDate(local_date(time).value + 1)));
  }
  CHECK(format_rfc3339(UnixMicros(-1)) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("a date is local: it begins at midnight in Vietnam") {
  const auto midnight = *parse_rfc3339("2024-03-11T17:00:00Z");
  CHECK(format_date(local_date(midnight)) == "2024-03-12");
  CHECK(format_date(local_date(UnixMicros(midnight.value - 1))) == "2024-03-11");
  CHECK(start_of(*parse_date("2024-03-12")) == midnight);
  CHECK(format_local(midnight) == "2024-03-12 00:00:00");
  CHECK(format_local_clock(*parse_rfc3339("2024-03-12T01:02:03Z")) == "08:02:03");
  CHECK(format_date_vietnamese(*parse_date("2024-03-12")) == "12/03/2024");
}

TEST_CASE("dates are read exactly, and only real ones") {
  CHECK(parse_date("1970-01-01") == LocalDate(0));
  CHECK(parse_date("1969-12-31") == LocalDate(-1));
  CHECK(parse_date("2000-02-29"));
  for (const char* text : {"1900-02-29", "2024-3-12", "2024-03-12 ", "20240312", "2024-03-32", "2024-0a-01"})
    CHECK_FALSE(parse_date(text));
  for (std::int32_t day = -800'000; day < 2'900'000; day += 997)
    if (const std::string text = format_date(LocalDate(day)); text.size() == 10 && text[0] != '-')
      REQUIRE(parse_date(text) == LocalDate(day));
}

}  // namespace hub
