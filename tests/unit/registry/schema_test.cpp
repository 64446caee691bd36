#include "hub/registry/schema.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "hub/base/error_catalogue.hpp"
#include "hub/registry/limits.hpp"

using namespace hub;
using registry::Keywords;
using registry::Schema;
using Json = nlohmann::json;

namespace {

Schema compiled(const char* text, Keywords keywords = Keywords::all) {
  auto schema = Schema::compile(Json::parse(text), "test/1", keywords);
  REQUIRE(schema);
  return std::move(*schema);
}

std::string why(const Schema& schema, const Json& value) {
  const auto valid = schema.validate(Json::to_msgpack(value));
  if (valid) return "";
  CHECK(valid.error().code == ErrorCode::schema_violation);
  return fill("{pointer} {reason_en}", valid.error().facts);
}

std::string schema_refusal(const char* text, Keywords keywords = Keywords::all) {
  const auto schema = Schema::compile(Json::parse(text), "test/1", keywords);
  return schema ? "" : fill("{type} {pointer} {reason}", schema.error().facts);
}

// An array nested `depth` times.
Json nested(int depth) {
  Json out = Json::array();
  for (int i = 1; i < depth; ++i) out = Json::array({out});
  return out;
}

}  // namespace

TEST_CASE("a violation names the place and the reason in both languages") {
  const Schema schema = compiled(R"({"type":"object","additionalProperties":false,"required":["a"],
    "properties":{"a":{"type":"array","items":{"enum":["x","y"]}},"b/c":{"type":"string","maxLength":2}}})");
  CHECK(why(schema, {{"a", {"x", "z"}}}) == "/a/1 must be one of \"x\", \"y\"");
  CHECK(why(schema, {{"a", Json::array()}, {"b/c", "ăăă"}}) == "/b~1c must have at most 2 characters");
  CHECK(why(schema, Json::object()) == "/ \"a\" is missing");
  CHECK(why(schema, {{"a", Json::array()}, {"zz", 1}}) == "/zz this field is not known here");
  const auto valid = schema.validate(Json::to_msgpack({{"a", 7}}));
  REQUIRE_FALSE(valid);
  CHECK(fill("{pointer} {reason_vi}", valid.error().facts) == "/a phải là danh sách");
}

TEST_CASE("a schema with an unknown keyword or a wrong shape is refused at load, with the place") {
  CHECK(schema_refusal(R"({"properties":{"a":{"oneOf":[]}}})") ==
        "test/1 /properties/a/oneOf keyword \"oneOf\" is not supported");
  CHECK(schema_refusal(R"x({"pattern":"(?=x)"})x").find("/pattern the pattern is not supported") != std::string::npos);
  CHECK(schema_refusal(R"({"format":"email"})").find("/format") != std::string::npos);
  CHECK(schema_refusal(R"({"minLength":-1})").find("/minLength") != std::string::npos);
  CHECK(schema_refusal(R"({"type":"text"})").find("/type") != std::string::npos);
  CHECK(schema_refusal(R"({"required":"a"})").find("/required") != std::string::npos);
}

TEST_CASE("white space and the dot in a pattern mean what ECMA-262 says, beyond ASCII too") {
  for (const char* space : {" ", "\v", "\u00a0", "\u2003", "\u2029", "\ufeff"}) {
    INFO(space);
    CHECK(why(compiled(R"({"pattern":"^\\s$"})"), space).empty());
    CHECK(why(compiled(R"({"pattern":"^[x\\s]$"})"), space).empty());
    CHECK(why(compiled(R"({"pattern":"^\\S$"})"), space) == "/ does not match the pattern ^\\S$");
  }
  const Schema dot = compiled(R"({"pattern":"^.[.]\\.$"})");
  CHECK(why(dot, "ă..").empty());
  CHECK_FALSE(why(dot, "\u2028..").empty());
  CHECK_FALSE(why(dot, "\r..").empty());
  CHECK_FALSE(why(dot, "aa.").empty());
  for (const char* unclear : {R"({"pattern":"[\\S]"})", R"({"pattern":"[[:alpha:]]"})", R"({"pattern":"[]a]"})",
                              R"({"pattern":"[^]a]"})", R"({"pattern":"\\Q.\\E"})"})
    CHECK(schema_refusal(unclear).find("/pattern the pattern is not supported") != std::string::npos);
}

TEST_CASE("a pattern that RE2 and ECMA-262 read differently is refused at load") {
  for (const char* pattern : {R"(\\Aa)", R"(a\\z)", R"(\\C)", R"(\\a)", R"(\\x{41})", "(?i)a", "(?P<n>a)", "a{,3}"}) {
    INFO(pattern);
    CHECK(schema_refusal((std::string(R"({"pattern":")") + pattern + "\"}").c_str()).find("not supported") !=
          std::string::npos);
  }
  CHECK(schema_refusal(R"x({"pattern":"^(?:a|\\d{1,3})[{,]\\.$"})x") == "");
}

TEST_CASE("a guard is refused a keyword that would make it undecidable") {
  CHECK(
      schema_refusal(R"({"properties":{"a":{"enum":[1],"minimum":0,"minItems":1}},"required":["a"]})", Keywords::guard)
          .empty());
  CHECK(schema_refusal(R"({"properties":{"a":{"pattern":"x"}}})", Keywords::guard).find("/properties/a/pattern") !=
        std::string::npos);
}

TEST_CASE("a schema has at most 64 properties") {
  for (const std::size_t count : {registry::kSchemaPropertiesMax, registry::kSchemaPropertiesMax + 1}) {
    Json schema = {{"properties", Json::object()}};
    for (std::size_t i = 0; i < count; ++i) schema["properties"]["p" + std::to_string(i)] = true;
    CHECK(Schema::compile(schema, "t").has_value() == (count == registry::kSchemaPropertiesMax));
  }
}

TEST_CASE("a schema is nested at most 32 deep") {
  for (const int depth : {registry::kSchemaDepthMax, registry::kSchemaDepthMax + 1}) {
    Json schema = Json::object();
    for (int i = 0; i < depth; ++i) schema = {{"items", schema}};
    CHECK(Schema::compile(schema, "t").has_value() == (depth == registry::kSchemaDepthMax));
  }
}

TEST_CASE("an object has at most 128 members") {
  const Schema any = compiled("true");
  for (const std::size_t count : {registry::kObjectMembersMax, registry::kObjectMembersMax + 1}) {
    Json value = Json::object();
    for (std::size_t i = 0; i < count; ++i) value["m" + std::to_string(i)] = 1;
    CHECK(any.accepts(Json::to_msgpack(value)) == (count == registry::kObjectMembersMax));
  }
}

TEST_CASE("a value is nested at most 32 deep") {
  const Schema any = compiled("true");
  CHECK(any.accepts(Json::to_msgpack(nested(registry::kSchemaDepthMax + 1))));
  CHECK_FALSE(any.accepts(Json::to_msgpack(nested(registry::kSchemaDepthMax + 2))));
}

TEST_CASE("a value that is nested too deep or too wide is refused wherever it hides, with the place") {
  const Schema open = compiled(R"({"properties":{"list":{"items":true}},"additionalProperties":{"type":"array"}})");
  // Two levels are the object and the list; what is left is one below kSchemaDepthMax.
  const int left = registry::kSchemaDepthMax - 1;
  CHECK(why(open, {{"list", {nested(left)}}}).empty());
  CHECK(why(open, {{"list", {nested(left + 1)}}}).find("/list/0/0/0") == 0);
  CHECK(why(open, {{"other", {nested(left)}}}).empty());
  CHECK(why(open, {{"other", {nested(left + 1)}}}).find("/other/0/0/0") == 0);
  Json wide = Json::object();
  while (wide.size() <= registry::kObjectMembersMax) wide["m" + std::to_string(wide.size())] = 1;
  CHECK(why(open, {{"list", {1, wide}}}).find("/list/1 ") == 0);
}

TEST_CASE("a length that promises more than the bytes hold is refused without reading beyond them") {
  const Schema any = compiled("true");
  for (const char* hex : {"ddffffffff", "dfffffffff", "dbffffffff", "c6ffffffff", "dd00000002c0", "df00000001a161"})
    CHECK_FALSE(any.accepts(*from_hex(hex)));
  // A hundred thousand opening brackets: the depth ends it, not the stack.
  CHECK_FALSE(any.accepts(Buffer(100'000, std::uint8_t{0x91})));
  CHECK_FALSE(compiled(R"({"const":[[1]]})").accepts(Buffer(100'000, std::uint8_t{0x91})));
}

TEST_CASE("a pattern that would make a backtracking matcher run for ever decides a text of a mebibyte") {
  const Schema schema = compiled(R"({"type":"array","items":{"type":"string","pattern":"^(a+)+$"}})");
  const std::string text(registry::kDocumentBytesMax - 16, 'a');
  CHECK(schema.accepts(Json::to_msgpack(Json::array({text}))));
  CHECK_FALSE(schema.accepts(Json::to_msgpack(Json::array({text + "!"}))));
}

TEST_CASE("lengths are counted in code points at the bound and one over") {
  const Schema schema = compiled(R"({"minLength":2,"maxLength":3})");
  for (const std::string& one : {std::string("a"), std::string("ă"), std::string("ệ"), std::string("𠀋")}) {
    CHECK_FALSE(schema.accepts(Json::to_msgpack(one)));
    CHECK(schema.accepts(Json::to_msgpack(one + one)));
    CHECK(schema.accepts(Json::to_msgpack(one + one + one)));
    CHECK_FALSE(schema.accepts(Json::to_msgpack(one + one + one + one)));
  }
}

TEST_CASE(
    "duplicate keys, keys that are no text, trailing, cut and foreign bytes are refused, even where anything goes") {
  for (const Schema& schema : {compiled("true"), compiled(R"({"properties":{"a":true}})")}) {
    CHECK(schema.accepts(*from_hex("82a16101a16202")));
    CHECK_FALSE(schema.accepts(*from_hex("82a16101a16102")));
    CHECK_FALSE(schema.accepts(*from_hex("82a16201a16202")));
    CHECK_FALSE(schema.accepts(*from_hex("810102")));
    CHECK_FALSE(schema.accepts(*from_hex("81a1610102")));
    CHECK_FALSE(schema.accepts(*from_hex("81a161")));
    CHECK_FALSE(schema.accepts(*from_hex("81a161c1")));
    CHECK_FALSE(schema.accepts(*from_hex("81a161d40000")));
    CHECK_FALSE(schema.accepts(*from_hex("81a161cb7ff0000000000000")));
    CHECK_FALSE(schema.accepts(*from_hex("81a161a1ff")));
    CHECK_FALSE(schema.accepts({}));
  }
}

TEST_CASE("a text with contentEncoding is binary in a document, and its lengths are bytes") {
  const Schema schema = compiled(R"({"type":"string","contentEncoding":"base64","maxLength":2})");
  CHECK(schema.accepts(*from_hex("c4020001")));
  CHECK_FALSE(schema.accepts(*from_hex("c403000102")));
  CHECK_FALSE(schema.accepts(*from_hex("a2414d")));
  CHECK_FALSE(compiled(R"({"type":"string"})").accepts(*from_hex("c4020001")));
}

TEST_CASE("bounds on numbers are exact where a double is not") {
  const Schema schema = compiled(R"({"maximum":9007199254740993})");
  CHECK(schema.accepts(Json::to_msgpack(9007199254740993)));
  CHECK_FALSE(schema.accepts(Json::to_msgpack(9007199254740994)));
}

TEST_CASE("closed() tells whether a field could ride along unnamed") {
  CHECK(compiled(
            R"({"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"},"b":{"enum":[1]}}})")
            .closed());
  CHECK_FALSE(compiled(R"({"type":"object","properties":{"a":{"type":"string"}}})").closed());
  CHECK_FALSE(
      compiled(R"({"type":"object","additionalProperties":false,"properties":{"a":{"type":"object"}}})").closed());
  CHECK_FALSE(
      compiled(R"({"type":"object","additionalProperties":false,"properties":{"a":{"type":"array"}}})").closed());
  CHECK_FALSE(compiled(R"({"type":"object","additionalProperties":false,"properties":{"a":true}})").closed());
  CHECK_FALSE(compiled("true").closed());
}

TEST_CASE("fields are found whatever their order") {
  const Schema schema = compiled(R"({"type":"object","additionalProperties":false,"required":["a","b","c"],
    "properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}}})");
  CHECK(schema.accepts(*from_hex("83a16303a16202a16101")));
  CHECK(schema.accepts(*from_hex("83a16101a16202a16303")));
  CHECK_FALSE(schema.accepts(*from_hex("82a16303a16101")));
}
