#include "hub/registry/registry.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "hub/base/error_catalogue.hpp"
#include "hub/registry/json_canonical.hpp"
#include "tests/unit/registry/samples.hpp"

using namespace hub;
using namespace hub::registry;
using Json = nlohmann::json;

namespace {

CurveKey curve(std::uint8_t first) { return CurveKey{first}; }

Item party_item(const std::string& id, std::vector<EndpointDescription> endpoints = {}, std::uint8_t root = 1) {
  PartyDescription party{
      id, "Tòa án", "Court", "district", "agency", "", signing_key(root).public_key(), std::move(endpoints)};
  return {ItemKind::party, id, canonical_party(party)};
}

Item type_item(const std::string& id, Json schema) {
  const Json type = {{"type", id},
                     {"label", {{"vi", "Loại"}, {"en", "Type"}}},
                     {"schema", std::move(schema)},
                     {"example", {{"a", 1}}},
                     {"counterexample", {{"b", 1}}}};
  return {ItemKind::type, id, *canonical_json(type)};
}
Json schema_of(const char* kind) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"required", {"a"}},
          {"properties", {{"a", {{"type", kind}}}}}};
}

std::string registry_refusal(const Result<void>& result) {
  return result ? "accepted" : fill("{file} {path} {reason}", result.error().facts);
}

}  // namespace

TEST_CASE("a party registered anew keeps its index and gets new attributes") {
  Registry registry;
  REQUIRE(registry.apply(party_item("a", {{"a/x", curve(1), true}})));
  REQUIRE(registry.apply(party_item("b", {{"b/x", curve(2), true}})));
  const auto a = *registry.party("a");
  const auto ax = *registry.endpoint("a/x");
  REQUIRE(registry.apply(party_item("a", {{"a/y", curve(3), true}, {"a/x", curve(4), false}}, 9)));
  CHECK(registry.party("a") == a);
  CHECK(registry.endpoint("a/x") == ax);
  CHECK(registry.party_at(a).root_key == signing_key(9).public_key());
  CHECK(registry.delivery_endpoint(a) == registry.endpoint("a/y"));
  CHECK(registry.endpoint_of_curve_key(curve(3)) == registry.endpoint("a/y"));
  CHECK_FALSE(registry.endpoint_of_curve_key(curve(1)));
  CHECK_FALSE(registry.endpoint_of_curve_key(curve(4)));
  CHECK(registry.endpoint_of_curve_key(curve(2)) == registry.endpoint("b/x"));
}

TEST_CASE("an endpoint that is listed no more can connect no more, and its index stays taken") {
  Registry registry;
  REQUIRE(registry.apply(party_item("a", {{"a/x", curve(1), true}})));
  const auto x = *registry.endpoint("a/x");
  REQUIRE(registry.apply(party_item("a", {})));
  CHECK_FALSE(registry.endpoint_of_curve_key(curve(1)));
  CHECK_FALSE(registry.endpoint_at(x).enabled);
  CHECK_FALSE(registry.delivery_endpoint(*registry.party("a")));
  CHECK(registry.endpoint_count() == 1);
}

TEST_CASE("no party can take another's connection key or endpoint name") {
  Registry registry;
  REQUIRE(registry.apply(party_item("a", {{"a/x", curve(1), true}})));
  CHECK(registry_refusal(registry.apply(party_item("b", {{"b/x", curve(1), true}}))).find("another endpoint") !=
        std::string::npos);
  CHECK(registry_refusal(registry.apply(party_item("b", {{"a/x", curve(2), true}}))).find("/endpoints/0/id") !=
        std::string::npos);
  CHECK(registry_refusal(registry.apply(party_item("b", {{"b/x", curve(2), true}, {"b/y", curve(2), true}})))
            .find("another endpoint") != std::string::npos);
  CHECK_FALSE(registry.party("b"));
}

TEST_CASE("a type's version is immutable, its label is not") {
  Registry registry;
  REQUIRE(registry.apply(type_item("t/1", schema_of("integer"))));
  REQUIRE(registry.apply(type_item("t/1", schema_of("integer"))));
  REQUIRE(registry.apply(type_item("t/2", schema_of("number"))));
  CHECK(registry.type_count() == 2);
  CHECK(registry_refusal(registry.apply(type_item("t/1", schema_of("number")))).find("add a version") !=
        std::string::npos);
  CHECK(registry.type_at(*registry.type("t/1")).schema.accepts(Json::to_msgpack({{"a", 3}})));
  CHECK_FALSE(registry.type_at(*registry.type("t/1")).schema.accepts(Json::to_msgpack({{"a", 1.5}})));
  CHECK_FALSE(registry.type("t/3"));
}

TEST_CASE("a wording of a registered version may be corrected, a schema may not") {
  Registry registry;
  REQUIRE(registry.apply(type_item("t/1", schema_of("integer"))));
  Json worded = schema_of("integer");
  worded["$id"] = "urn:t:1";
  worded["title"] = "Loại / Type";
  worded["properties"]["a"]["description"] = "Số. / A number.";
  CHECK(registry.apply(type_item("t/1", worded)));
  // A field may be called as a keyword is.
  Json titled = schema_of("integer");
  titled["properties"]["title"] = {{"type", "string"}};
  CHECK(registry_refusal(registry.apply(type_item("t/1", titled))).find("add a version") != std::string::npos);
}

TEST_CASE("a type must be closed, and its examples must say what it does") {
  Registry registry;
  Json open = schema_of("integer");
  open.erase("additionalProperties");
  CHECK(registry_refusal(registry.apply(type_item("t/1", open))).find("/schema") != std::string::npos);
  CHECK(registry_refusal(registry.apply(type_item("t/1", schema_of("string")))).find("/example") != std::string::npos);
  Json lax = schema_of("integer");
  lax["properties"]["b"] = {{"type", "integer"}};
  lax.erase("required");
  CHECK(registry_refusal(registry.apply(type_item("t/1", lax))).find("/counterexample") != std::string::npos);
  Json unknown = schema_of("integer");
  unknown["properties"]["a"]["oneOf"] = Json::array();
  CHECK(registry_refusal(registry.apply(type_item("t/1", unknown))).find("/schema/properties/a/oneOf") !=
        std::string::npos);
}

TEST_CASE("the registry takes credentials that the party's root key signed, and no others") {
  Registry registry;
  REQUIRE(registry.apply(party_item("a", {}, 1)));
  REQUIRE(registry.apply(party_item("b", {}, 2)));
  const Certificate certificate{"a", signing_key(7).public_key(), UnixMicros(10), UnixMicros(20)};
  const auto id = crypto::key_id(signing_key(7).public_key());
  const auto item = [&](const crypto::SigningKey& root) {
    return Item{ItemKind::certificate, "a/" + to_hex(id), sign_credential(certificate, root)};
  };
  CHECK(registry_refusal(registry.apply(item(signing_key(2)))).find("did not sign") != std::string::npos);
  REQUIRE(registry.apply(item(signing_key(1))));
  CHECK(registry.keys().valid("a", id, UnixMicros(15)));
  CHECK(registry.keys().valid("b", id, UnixMicros(15)).error().code == ErrorCode::key_unknown);
}

TEST_CASE("an unknown field of a party is refused by name") {
  Registry registry;
  Json party = Json::parse(party_item("a").canonical);
  party["phone"] = "1";
  CHECK(registry_refusal(registry.apply({ItemKind::party, "a", party.dump()})) ==
        "party /phone \"phone\" is not known here");
}

TEST_CASE("an endpoint takes the type versions that it lists, and every one when it lists none") {
  Registry registry;
  REQUIRE(registry.apply(party_item("a", {{"a/x", curve(1), true, {"t/2", "t/1"}}, {"a/y", curve(2), true}})));
  const Endpoint& x = registry.endpoint_at(*registry.endpoint("a/x"));
  CHECK(x.takes("t/1"));
  CHECK(x.takes("t/2"));
  CHECK_FALSE(x.takes("t/10"));
  CHECK(registry.endpoint_at(*registry.endpoint("a/y")).takes("t/10"));
  REQUIRE(registry.apply(party_item("a", {{"a/x", curve(1), true}})));
  CHECK(registry.endpoint_at(*registry.endpoint("a/x")).takes("t/10"));
}

TEST_CASE("a list of type versions that nobody can mean is refused") {
  const auto with = [](Json accepts) {
    Json party = Json::parse(party_item("a", {{"a/x", curve(1), true}}).canonical);
    CHECK_FALSE(party["endpoints"][0].contains("accepts"));  // the canonical form of a party without a list stays
    party["endpoints"][0]["accepts"] = std::move(accepts);
    Registry registry;
    return registry_refusal(registry.apply({ItemKind::party, "a", party.dump()}));
  };
  CHECK(with({"t/1", "t/2"}) == "accepted");
  CHECK(with({"t/1", "t/1"}).find("listed twice") != std::string::npos);
  for (const Json& accepts : {Json::array(), Json::array({"t"}), Json::array({1}), Json("t/1")})
    CHECK(with(accepts).find("/endpoints/0/accepts") != std::string::npos);
}
