#include "hub/agreements/guard_analysis.hpp"

#include <catch2/catch.hpp>

using namespace hub::agreements;
using Json = nlohmann::json;
using Holds = GuardReport::Holds;

namespace {

const Json kType = Json::parse(R"({
  "type": "t/1",
  "schema": {"type": "object", "additionalProperties": false, "required": ["level", "count", "names", "open"],
    "properties": {
      "level": {"enum": ["province", "district", "commune"]},
      "count": {"type": "integer", "minimum": 1, "maximum": 9},
      "names": {"type": "array", "maxItems": 3, "items": {"type": "string", "minLength": 2, "maxLength": 9}},
      "open": {"type": "boolean"},
      "code": {"type": "string", "pattern": "^[A-Z]{3}$", "minLength": 3, "maxLength": 3},
      "note": {"type": "string", "minLength": 1, "maxLength": 10}}},
  "example": {"level": "district", "count": 3, "names": [], "open": false, "code": "ABC"}
})");

GuardReport analyse(const char* data_guard) {
  return analyse_guard({{"required", {"data"}}, {"properties", {{"data", Json::parse(data_guard)}}}}, kType);
}
Holds holds(const char* data_guard) { return analyse(data_guard).holds; }

}  // namespace

TEST_CASE("a guard that asks for what the type never has can never hold, and the report says where and why") {
  const auto report = analyse(R"({"properties": {"level": {"const": "central"}}, "required": ["level"]})");
  CHECK(report.holds == Holds::never);
  CHECK(report.pointer == "/data/level");
  CHECK(report.reason == R"(is one of "province", "district", "commune" in the type, the guard asks for "central")");
  CHECK(holds(R"({"properties": {"count": {"minimum": 10}}})") == Holds::never);
  CHECK(holds(R"({"properties": {"names": {"minItems": 4}}})") == Holds::never);
  CHECK(holds(R"({"properties": {"open": {"type": "string"}}})") == Holds::never);
  CHECK(holds(R"({"required": ["missing"]})") == Holds::never);
  CHECK(holds(R"({"properties": {"code": {"const": "abc"}}, "required": ["code"]})") == Holds::never);
  CHECK(analyse_guard(Json::parse(R"({"properties": {"urgency": {"minimum": 5}}, "required": ["urgency"]})"), kType).holds ==
        Holds::never);
}

TEST_CASE("a guard that every document meets always holds, with a document as example") {
  const auto report = analyse(R"({"properties": {"count": {"minimum": 1}}, "required": ["count"]})");
  CHECK(report.holds == Holds::always);
  CHECK(report.example["data"] == kType["example"]);
  CHECK(holds(R"({"properties": {"level": {"enum": ["district", "commune", "province", "central"]}}})") == Holds::always);
  CHECK(holds(R"({"properties": {"names": {"minItems": 0}}})") == Holds::always);
  CHECK(holds(R"({"properties": {"missing": {"const": 1}}})") == Holds::always);
  CHECK(holds("{}") == Holds::always);
}

TEST_CASE("a guard that some documents meet comes with one that does") {
  const auto commune = analyse(R"({"properties": {"level": {"const": "commune"}, "open": {"const": true}}})");
  CHECK(commune.holds == Holds::sometimes);
  CHECK(commune.example["data"]["level"] == "commune");
  CHECK(commune.example["data"]["open"] == true);
  const auto named = analyse(R"({"properties": {"names": {"minItems": 2}}, "required": ["note"]})");
  CHECK(named.holds == Holds::sometimes);
  CHECK(named.example["data"]["names"].size() == 2);
  CHECK(named.example["data"].contains("note"));
  CHECK(holds(R"({"properties": {"code": {"const": "XYZ"}}})") == Holds::sometimes);
  CHECK(holds(R"({"properties": {"code": {"const": "xyz"}}})") == Holds::sometimes);  // a document may have no code
  CHECK(holds(R"({"properties": {"count": {"minimum": 4, "maximum": 4}}})") == Holds::sometimes);
}
