#include "hub/registry/strict_parse.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "hub/base/error_catalogue.hpp"
#include "hub/registry/json_canonical.hpp"
#include "hub/registry/limits.hpp"

using namespace hub;
using namespace hub::registry;
using Json = nlohmann::json;

namespace {

Json yaml(const std::string& text) {
  Json out;
  const auto marks = parse_yaml_strict(text, "f.yaml", out);
  if (!marks) FAIL(describe(marks.error(), Language::english));
  return out;
}

std::string place(const Error& error) {
  CHECK(error.code == ErrorCode::config_invalid);
  return fill("{file}:{line}:{column} {path} {reason}", error.facts);
}
std::string yaml_refusal(const std::string& text) {
  Json out;
  const auto marks = parse_yaml_strict(text, "f.yaml", out);
  return marks ? "accepted" : place(marks.error());
}
std::string json_refusal(const std::string& text) {
  Json out;
  const auto marks = parse_json_strict(text, "f.json", out);
  return marks ? "accepted" : place(marks.error());
}
bool starts(const std::string& text, const std::string& with) {
  INFO(text);
  return text.starts_with(with);
}

}  // namespace

TEST_CASE("plain YAML scalars follow the core schema and quoted ones are texts") {
  CHECK(yaml("[~, null, true, False, 12, -3, +4, 0o17, 0xff, 1.5, .5, 1e3]") ==
        Json::array({nullptr, nullptr, true, false, 12, -3, 4, 15, 255, 1.5, 0.5, 1000.0}));
  CHECK(yaml("['~', \"true\", '12', '', no, yes, 2024-01-11, 1214-CV/HU, 1_000, 0b1]") ==
        Json::array({"~", "true", "12", "", "no", "yes", "2024-01-11", "1214-CV/HU", "1_000", "0b1"}));
  CHECK(yaml("a:\n  b: |\n    line\n") == Json({{"a", {{"b", "line\n"}}}}));
  CHECK(yaml("a:\n") == Json({{"a", nullptr}}));
  CHECK(yaml("a: '2'") == Json({{"a", "2"}}));
}

TEST_CASE("what YAML could smuggle in is refused with its place") {
  CHECK(yaml_refusal("a: 1\nb: 2\na: 3\n") == "f.yaml:3:1 / key \"a\" stands here twice");
  CHECK(starts(yaml_refusal("a: &x 1\n"), "f.yaml:1:4 / anchors"));
  CHECK(starts(yaml_refusal("a: &x 1\nb: *x\n"), "f.yaml:1:4"));
  CHECK(starts(yaml_refusal("a: !!str 1\n"), "f.yaml:1:4 / tags"));
  CHECK(starts(yaml_refusal("a: !mine 1\n"), "f.yaml:1:4 / tags"));
  CHECK(starts(yaml_refusal("x:\n  1: a\n"), "f.yaml:2:3 /x a key must be a string"));
  CHECK(starts(yaml_refusal("~: a\n"), "f.yaml:1:1 / a key must be a string"));
  CHECK(starts(yaml_refusal("[a]: b\n"), "f.yaml:1:1 / a key must be a string"));
  CHECK(starts(yaml_refusal("a: .inf\n"), "f.yaml:1:4"));
  CHECK(starts(yaml_refusal("a: 99999999999999999999\n"), "f.yaml:1:4"));
  CHECK(starts(yaml_refusal("a: 1\n---\nb: 2\n"), "f.yaml:1:1 / the file holds a second document"));
  CHECK(starts(yaml_refusal("a: [1, 2\nb: 3"), "f.yaml:"));
  CHECK(starts(yaml_refusal("a: \xff\n"), "f.yaml:1:1 / the file is not valid UTF-8"));
}

TEST_CASE("a pointer finds the line and column of its part, in YAML and in JSON") {
  Json out;
  const auto y = parse_yaml_strict("a:\n  - x: 1\n  - {y: hai, z: 3}\n", "f.yaml", out);
  REQUIRE(y);
  CHECK(y->find("/a/1/z").line == 3);
  CHECK(y->find("/a/1/z").column == 17);
  CHECK(y->find("/a/1/missing/deeper").column == y->find("/a/1").column);
  const auto j = parse_json_strict("{\"a\": [\n  true, \"mộ\\\"t\", -12.5e1,\n  {\"b\":null}]}", "f.json", out);
  REQUIRE(j);
  CHECK(j->find("/a/0").column == 3);
  CHECK(j->find("/a/1").column == 9);
  CHECK(j->find("/a/2").column == 18);
  CHECK(j->find("/a/3/b").line == 3);
  CHECK(j->find("/a/3/b").column == 8);
  CHECK(place(j->invalid({"/a/3/b", "must be a text"})) == "f.json:3:8 /a/3/b must be a text");
}

TEST_CASE("JSON that is cut, repeated or not UTF-8 is refused with its place") {
  CHECK(json_refusal("{\"a\":1,\n \"a\":2}") == "f.json:2:2 / key \"a\" stands here twice");
  CHECK(starts(json_refusal("{\"a\":1"), "f.json:1:"));
  CHECK(starts(json_refusal(""), "f.json:1:1"));
  CHECK(starts(json_refusal("Kính gửi"), "f.json:1:1"));
  CHECK(starts(json_refusal("{} x"), "f.json:1:4"));
  CHECK(starts(json_refusal("\"\xc3\""), "f.json:1:1 / the file is not valid UTF-8"));
}

TEST_CASE("nesting is taken to its limit and refused one deeper") {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
  };
  CHECK(json_refusal(nested(kConfigurationDepthMax)) == "accepted");
  CHECK(json_refusal(nested(kConfigurationDepthMax + 1)) != "accepted");
  CHECK(yaml_refusal(nested(kConfigurationDepthMax)) == "accepted");
  CHECK(yaml_refusal(nested(kConfigurationDepthMax + 1)) != "accepted");
}

TEST_CASE("canonical JSON is that of RFC 8785") {
  // Section 3.2.3: keys by UTF-16 code units, so U+1F600 (a surrogate pair) stands before U+FB33.
  const Json sorted = Json::parse(R"({"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7})");
  CHECK(*canonical_json(sorted) == "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}");
  CHECK(*canonical_json(Json::parse(R"(["\u0000\b\t\n\f\r\u001f\"\\/đ",null,true,-1,9007199254740991])")) ==
        "[\"\\u0000\\b\\t\\n\\f\\r\\u001f\\\"\\\\/đ\",null,true,-1,9007199254740991]");
  CHECK_FALSE(canonical_json(Json(9007199254740992)));
  CHECK_FALSE(canonical_json(Json(-9007199254740992)));
  CHECK_FALSE(canonical_json(Json({{"a", 1.5}})));
  CHECK(fill("{path}", canonical_json(Json({{"a", {1, 1.5}}})).error().facts) == "/a/1");
}
