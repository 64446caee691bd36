// A valid document costs no allocation.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hub/registry/limits.hpp"
#include "hub/registry/schema.hpp"
#include "tests/support/allocations.hpp"

using hub::registry::Schema;
using hub::test::allocations;
using Json = nlohmann::json;

namespace {

std::size_t allocations_of_validation(const Json& source, const Json& document) {
  const auto schema = Schema::compile(source, "test/1");
  REQUIRE(schema);
  const hub::Buffer value = Json::to_msgpack(document);
  // RE2 builds the states that a pattern's text needs when it first meets them.
  const bool first = schema->validate(value).has_value();
  const std::size_t before = allocations();
  const bool valid = schema->validate(value).has_value() && schema->accepts(value);
  const std::size_t after = allocations();
  CHECK(first);
  CHECK(valid);
  return after - before;
}

// Patterns in arrays in arrays, lists of values, an object as wide as it may be, nested as deep as it may be.
std::pair<Json, Json> worst() {
  Json schema = {{"type", "string"}, {"pattern", "^(\\pL+ ?)+[0-9]*$"}, {"maxLength", 60}};
  Json value = "Báo cáo quý về tình hình dư luận xã hội 2024";
  for (int depth = 2; depth < hub::registry::kSchemaDepthMax; depth += 2) {
    schema = {{"type", "array"}, {"items", schema}, {"maxItems", 1}};
    value = Json::array({value});
    schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", {{"inner", schema}}}};
    value = {{"inner", value}};
  }
  schema["additionalProperties"] = {{"enum", {Json{{"a", 1}, {"b", {1, 2.5}}}, "x", "2024-03-12T08:00:00Z"}}};
  schema["properties"]["when"] = {{"format", "date-time"}, {"type", {"string", "null"}}};
  value["when"] = "2024-03-12T08:00:00.123456+07:00";
  while (value.size() < hub::registry::kObjectMembersMax)
    value["m" + std::to_string(value.size())] = Json{{"b", {1, 2.5}}, {"a", 1.0}};
  return {schema, value};
}

}  // namespace

TEST_CASE("validating the example of each type allocates nothing") {
  std::size_t types = 0;
  for (const auto& entry : std::filesystem::directory_iterator(HUB_SOURCE_DIR "/schemas/types")) {
    INFO(entry.path());
    std::ifstream file(entry.path());
    const Json type = Json::parse(file);
    CHECK(allocations_of_validation(type["schema"], type["example"]) == 0);
    ++types;
  }
  CHECK(types >= 3);
}

TEST_CASE("validating the worst valid document allocates nothing") {
  const auto [schema, value] = worst();
  CHECK(allocations_of_validation(schema, value) == 0);
}

TEST_CASE("the counter sees an allocation: that of a refusal's words") {
  const auto schema = Schema::compile({{"type", "object"}}, "test/1");
  REQUIRE(schema);
  const std::size_t before = allocations();
  const bool valid = schema->validate(Json::to_msgpack(7)).has_value();
  CHECK(allocations() > before);
  CHECK_FALSE(valid);
}
