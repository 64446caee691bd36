#include "hub/console/query.hpp"

#include <catch2/catch.hpp>

namespace hub::console {
namespace {

constexpr std::string_view kKnown[] = {"a", "text"};

std::string problem(std::string_view query) {
  const auto parsed = parse_query(query, kKnown);
  return parsed ? "" : parsed.error().facts.at(0).value;
}

}  // namespace

TEST_CASE("names and values are decoded, in any order, and an empty query has none") {
  CHECK(parse_query("", kKnown)->empty());
  const auto parsed = parse_query("text=x%C3%A9t+x%E1%BB%AD&a=1%262", kKnown);
  REQUIRE(parsed.has_value());
  CHECK(parsed->at("text") == "xét xử");
  CHECK(parsed->at("a") == "1&2");
  CHECK(parse_query("a=", kKnown)->at("a").empty());
}

TEST_CASE("a parameter that is unknown, comes twice or is badly encoded is named") {
  CHECK(problem("b=1") == "b");
  CHECK(problem("a=1&a=2") == "a");
  CHECK(problem("a=%") == "a");
  CHECK(problem("a=%4") == "a");
  CHECK(problem("a=%zz") == "a");
  CHECK(problem("a=%ff") == "a");
  CHECK(problem("a=%00") == "a");
  CHECK(problem("a=%0a") == "a");
  CHECK(problem("a") == "a");
  CHECK(problem("%ff=1") == "?");
  CHECK(problem("a=1&") == "");
}

}  // namespace hub::console
