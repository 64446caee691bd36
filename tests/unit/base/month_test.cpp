#include "hub/base/month.hpp"

#include <catch2/catch.hpp>

namespace hub {

TEST_CASE("a month is that of the local day") {
  const auto month_at = [](std::string_view time) { return format_month(month_of(*parse_rfc3339(time))); };
  CHECK(month_at("2024-02-29T16:59:59.999999Z") == "2024-02");
  CHECK(month_at("2024-02-29T17:00:00Z") == "2024-03");
  CHECK(month_at("1970-01-01T00:00:00Z") == "1970-01");
}

TEST_CASE("a month begins at local midnight, also over the turn of a year") {
  const Month december = parse_month("2023-12").value();
  CHECK(format_rfc3339(start_of(december)) == "2023-11-30T17:00:00.000000Z");
  CHECK(format_month(december.next()) == "2024-01");
}

TEST_CASE("what is no month is not read") {
  for (const char* text : {"", "2024", "2024-3", "2024-00", "2024-13", "2024-03-01", "1969-12", "2024/03"})
    CHECK_FALSE(parse_month(text).has_value());
}

}  // namespace hub
