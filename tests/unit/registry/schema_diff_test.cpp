#include "hub/registry/schema_diff.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace hub;
using registry::diff_schemas;
using Json = nlohmann::json;

namespace {

// "/a senders+recipients words", one line a change.
std::string diff(const Json& before, const Json& after) {
  const auto changes = diff_schemas(before, after);
  REQUIRE(changes);
  std::string out;
  for (const auto& change : *changes) {
    CHECK_FALSE(change.vietnamese.empty());
    out += (out.empty() ? "" : "\n") + change.pointer + (change.breaks_senders ? " senders" : "") +
           (change.breaks_recipients ? " recipients" : "") + ": " + change.english;
  }
  return out;
}

Json object(Json fields, Json required = Json::array()) {
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", fields}, {"required", required}};
}
// Of one field "a".
std::string field(const char* before, const char* after) {
  return diff(object({{"a", Json::parse(before)}}), object({{"a", Json::parse(after)}}));
}

}  // namespace

TEST_CASE("the same schema breaks nobody, and neither does another wording") {
  const Json schema = object({{"a", {{"type", "string"}, {"title", "A"}}}});
  CHECK(diff(schema, schema).empty());
  CHECK(field(R"({"type":"string","title":"A","$id":"x"})", R"({"type":"string","description":"B","$id":"y"})") ==
        "/a: wording changed (description, title)");
}

TEST_CASE("a field that comes breaks recipients, and senders when it is required") {
  const Json text = {{"type", "string"}};
  CHECK(diff(object({{"a", text}}), object({{"a", text}, {"b", text}})) == "/b recipients: field added");
  CHECK(diff(object({{"a", text}}), object({{"a", text}, {"b", text}}, {"b"})) ==
        "/b senders recipients: required field added");
}

TEST_CASE("a field that goes breaks senders, and recipients when it was required") {
  const Json text = {{"type", "string"}};
  CHECK(diff(object({{"a", text}, {"b", text}}), object({{"a", text}})) == "/b senders: field removed");
  CHECK(diff(object({{"a", text}, {"b", text}}, {"b"}), object({{"a", text}})) ==
        "/b senders recipients: field removed");
}

TEST_CASE("a requirement that comes breaks senders, one that goes breaks recipients") {
  const Json fields = {{"a", {{"type", "string"}}}};
  CHECK(diff(object(fields), object(fields, {"a"})) == "/a senders: field is required now");
  CHECK(diff(object(fields, {"a"}), object(fields)) == "/a recipients: field is not required any more");
}

TEST_CASE("a narrower type, bound or list of values breaks senders, a wider one recipients") {
  CHECK(field(R"({"type":["string","null"]})", R"({"type":"string"})") ==
        "/a senders: before: must be null or a text; now: must be a text");
  CHECK(field(R"({"type":"integer"})", R"({"type":"number"})") ==
        "/a recipients: before: must be an integer; now: must be a number");
  CHECK(field(R"({"type":"integer"})", R"({"type":"string"})") ==
        "/a senders recipients: before: must be an integer; now: must be a text");
  CHECK(field(R"({"maxLength":9})", R"({"maxLength":8})") ==
        "/a senders: before: must have at most 9 characters; now: must have at most 8 characters");
  CHECK(field(R"({"minLength":1})", R"({})") ==
        "/a recipients: before: must have at least 1 characters; now: unrestricted");
  CHECK(field(R"({"minimum":1,"maximum":5})", R"({"minimum":0,"maximum":4})") ==
        "/a recipients: before: must be at least 1; now: must be at least 0\n"
        "/a senders: before: must be at most 5; now: must be at most 4");
  CHECK(field(R"({"maxItems":2})", R"({"minItems":1,"maxItems":3})") ==
        "/a senders: before: unrestricted; now: must have at least 1 items\n"
        "/a recipients: before: must have at most 2 items; now: must have at most 3 items");
  CHECK(field(R"({"enum":["x","y"]})", R"({"enum":["y","z"]})") ==
        R"(/a senders recipients: value removed: "x"; value added: "z")");
  CHECK(field(R"({"enum":["x","y"]})", R"({"enum":["y","x","z"]})") == R"(/a recipients: value added: "z")");
  CHECK(field(R"({"enum":["x","y"]})", R"({"const":"x"})") == R"(/a senders: value removed: "y")");
}

TEST_CASE("listed values are judged by the values, not by the keywords around them") {
  CHECK(field(R"({"enum":["x"]})", R"({"type":"string","enum":["x"]})").empty());
  CHECK(field(R"({"enum":[1,"x"]})", R"({"type":"string","enum":["x",1]})") == "/a senders: value removed: 1");
  CHECK(field(R"({"enum":["x"]})", R"({"type":"string","maxLength":1})") ==
        R"(/a recipients: before: must be "x"; now: must be a text)");
  CHECK(field(R"({"type":"string"})", R"({"enum":["x"]})") ==
        R"(/a senders: before: must be a text; now: must be "x")");
  CHECK(field(R"({"enum":[1]})", R"({"enum":[1.0]})").empty());
}

TEST_CASE("a format or pattern that comes breaks senders, one that goes recipients, another one both") {
  CHECK(field(R"({"format":"date"})", R"({})") ==
        "/a recipients: before: must be a real date such as 2024-03-12; now: unrestricted");
  CHECK(field(R"({})", R"({"pattern":"^x"})") ==
        "/a senders: before: unrestricted; now: does not match the pattern ^x");
  CHECK(field(R"({"pattern":"^x"})", R"({"pattern":"^xy?"})") ==
        "/a senders recipients: pattern changed from ^x to ^xy?; they can't be compared");
}

TEST_CASE("changes inside objects and lists are named with their place") {
  const auto nested = [](Json inner) {
    return object({{"tasks", {{"type", "array"}, {"items", object({{"name", std::move(inner)}})}}}});
  };
  CHECK(diff(nested({{"maxLength", 3}}), nested({{"maxLength", 4}})) ==
        "/tasks/*/name recipients: before: must have at most 3 characters; now: must have at most 4 characters");
  CHECK(diff(object(Json::object()), {{"type", "object"}}) == "/* recipients: before: not permitted; now: unrestricted");
}

TEST_CASE("a bound that no permitted value has changes nothing") {
  CHECK(field(R"({"type":"string","maximum":5})", R"({"type":"string","maximum":4})").empty());
}

TEST_CASE("a schema that can't be compiled is refused") {
  CHECK(diff_schemas(Json::object(), {{"oneOf", Json::array()}}).error().code == ErrorCode::schema_invalid);
}

TEST_CASE("a subject that becomes fixed and attachments that are permitted no longer break senders") {
  const auto type = [](const char* made_of, bool fixed, std::uint32_t attachments) {
    Json value = {{"type", "t/1"}, {"label", {{"vi", "T"}, {"en", "T"}}}, {"subject", {{"made_of", made_of}, {"fixed", fixed}}},
                  {"attachments", {{"policy", "permitted"}, {"count_max", attachments}, {"bytes_max", 10}}},
                  {"schema", object({{"a", {{"type", "string"}}}}, {"a"})}, {"example", {{"a", "x"}}}, {"counterexample", Json::object()}};
    return std::move(*registry::read_type(value, registry::Marks("f")));
  };
  const auto changes = registry::diff_types(type("A {a}", false, 5), type("B {a}", true, 4));
  REQUIRE(changes.size() == 2);
  for (const auto& change : changes) CHECK(change.breaks_senders);
  CHECK(registry::diff_types(type("A {a}", true, 5), type("A {a}", false, 6)).size() == 2);
  CHECK(registry::diff_types(type("A {a}", false, 5), type("B {a}", false, 5)).empty());  // a suggestion
}
