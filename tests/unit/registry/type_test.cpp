// A type's file: every key that it may have, and what each refuses.
#include "hub/registry/type.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "hub/base/error_catalogue.hpp"
#include "hub/registry/limits.hpp"

using namespace hub;
using namespace hub::registry;
using Json = nlohmann::json;

namespace {

Json sample() {
  return Json::parse(R"({
    "type": "petition-transfer/1",
    "label": {"vi": "Chuyển đơn", "en": "Petition passed on"},
    "kind": "notice",
    "subject": {"made_of": "Chuyển đơn số {ref}, lần {round}", "fixed": true},
    "attachments": {"policy": "permitted", "count_max": 20, "bytes_max": 1048576},
    "reads": {"routing": ["/data/place", "/data/office/level", "/urgency"], "duties": []},
    "schema": {"type": "object", "additionalProperties": false, "required": ["ref", "round", "tags", "flag"],
      "properties": {
        "ref": {"type": "string", "minLength": 1, "maxLength": 50},
        "round": {"type": "integer"},
        "kind": {"enum": ["complaint", "denunciation"]},
        "flag": {"type": "boolean"},
        "place": {"type": "string", "minLength": 1, "maxLength": 50},
        "office": {"type": "object", "additionalProperties": false, "properties": {"level": {"enum": ["district"]}}},
        "tags": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 9}}}},
    "example": {"ref": "76", "round": 2, "tags": [], "flag": true},
    "counterexample": {"ref": 76}})");
}

std::string type_refusal(const Json& value) {
  const auto type = read_type(value, Marks("t.json"));
  return type ? "accepted" : fill("{path} {reason}", type.error().facts);
}
std::string type_with(const char* pointer, Json part) {
  Json value = sample();
  value[Json::json_pointer(pointer)] = std::move(part);
  return type_refusal(value);
}
bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a type's file says what kind it is, its subject, its attachments and what is read of it") {
  const auto type = read_type(sample(), Marks("t.json"));
  REQUIRE(type);
  CHECK(type->kind == TypeKind::notice);
  REQUIRE(type->subject);
  CHECK(type->subject->text() == "Chuyển đơn số {ref}, lần {round}");
  CHECK(type->subject_fixed);
  CHECK(type->attachments.count_max == 20);
  CHECK(type->attachments.bytes_max == 1048576);
  CHECK(type->routing_reads == std::vector<std::string>{"/data/place", "/data/office/level", "/urgency"});
  CHECK(type->duty_reads.empty());
}

TEST_CASE("a type that was registered before these keys is a notice of any subject without attachments") {
  Json value = sample();
  for (const char* key : {"kind", "subject", "attachments", "reads"}) value.erase(key);
  const auto type = read_type(value, Marks("t.json"));
  REQUIRE(type);
  CHECK(type->kind == TypeKind::notice);
  CHECK_FALSE(type->subject);
  CHECK_FALSE(type->subject_fixed);
  CHECK(type->attachments.count_max == 0);
  CHECK(type->routing_reads.empty());
}

TEST_CASE("what a document's case goes by are few short texts of its data") {
  Json value = sample();
  value["reads"]["case"] = {"/data/ref", "/data/place"};
  CHECK(read_type(value, Marks("t.json"))->case_reads == std::vector<std::string>{"/data/ref", "/data/place"});
  CHECK(type_with("/reads/case", Json::array()) == "accepted");
  for (const char* pointer : {"/data/round", "/data/tags", "/data/kind", "/data/office/level", "/subject", "/data/nothing"})
    CHECK(says(type_with("/reads/case", Json::array({pointer})), "/reads/case"));
  CHECK(says(type_with("/reads/case", "/data/ref"), "/reads/case"));
  value = sample();
  value["reads"]["case"] = {"/data/ref"};
  const auto with_longest = [&](std::int64_t longest) {
    value["schema"]["properties"]["ref"]["maxLength"] = longest;
    return type_refusal(value);
  };
  CHECK(with_longest(kCaseReferenceCharactersMax) == "accepted");
  CHECK(says(with_longest(kCaseReferenceCharactersMax + 1), "at most 100"));
  value = sample();
  for (std::size_t i = 0; i <= kCaseReferencesMax; ++i) {
    const std::string name = "n" + std::to_string(i);
    value["schema"]["properties"][name] = {{"type", "string"}, {"maxLength", 9}};
    value["reads"]["case"].push_back("/data/" + name);
    CHECK((type_refusal(value) == "accepted") == (i < kCaseReferencesMax));
  }
}

TEST_CASE("an unknown key of a type's file is refused wherever it stands") {
  for (const char* pointer : {"/colour", "/subject/colour", "/attachments/colour", "/reads/colour", "/label/colour"})
    CHECK(type_with(pointer, 1) == std::string(pointer) + " \"colour\" is not known here");
  CHECK(type_with("/attachments", {{"policy", "none"}, {"count_max", 1}}) ==
        "/attachments/count_max \"count_max\" is not known here");
}

TEST_CASE("a kind is notice or system") {
  CHECK(type_with("/kind", "system") == "accepted");
  CHECK(says(type_with("/kind", "gossip"), "/kind"));
  CHECK(says(type_with("/kind", 1), "/kind"));
}

TEST_CASE("a subject names required top-level texts and integers, and nothing else") {
  CHECK(type_with("/subject/made_of", "Chuyển đơn") == "accepted");
  CHECK(says(type_with("/subject/made_of", "Đơn {nobody}"), "no field \"nobody\""));
  CHECK(says(type_with("/subject/made_of", "Đơn {place}"), "required"));  // may be absent
  CHECK(says(type_with("/subject/made_of", "Đơn {tags}"), "required"));   // a list
  CHECK(says(type_with("/subject/made_of", "Đơn {flag}"), "required"));   // true or false
  CHECK(says(type_with("/subject/made_of", "Đơn {office/level}"), "no field"));
  for (const char* text : {"Đơn {ref", "Đơn ref}", "Đơn {}", "Đơn {{ref}}", "Đơn }ref{"})
    CHECK(says(type_with("/subject/made_of", text), "braces"));
  CHECK(says(type_with("/subject/made_of", ""), "/subject/made_of"));
  CHECK(says(type_with("/subject/fixed", "yes"), "/subject/fixed"));
  CHECK(says(type_with("/subject", {{"made_of", "Đơn"}}), "\"fixed\" is missing"));
}

TEST_CASE("a subject may name a field whose values are listed texts") {
  Json value = sample();
  value["subject"]["made_of"] = "Đơn {kind}";
  value["schema"]["required"].push_back("kind");
  value["example"]["kind"] = "complaint";
  CHECK(type_refusal(value) == "accepted");
  value["schema"]["properties"]["kind"]["enum"].push_back(3);
  CHECK(says(type_refusal(value), "/subject/made_of"));
}

TEST_CASE("attachments have bounds, and the bounds have theirs") {
  for (const auto& [key, limit] : {std::pair("count_max", kAttachmentsMax), {"bytes_max", kAttachmentsBytesMax}}) {
    const std::string pointer = std::string("/attachments/") + key;
    CHECK(type_with(pointer.c_str(), 1) == "accepted");
    CHECK(type_with(pointer.c_str(), limit) == "accepted");
    CHECK(says(type_with(pointer.c_str(), 0), pointer.c_str()));
    CHECK(says(type_with(pointer.c_str(), limit + 1), pointer.c_str()));
    CHECK(says(type_with(pointer.c_str(), "1"), pointer.c_str()));
  }
  CHECK(says(type_with("/attachments/policy", "perhaps"), "must be none or permitted"));
  CHECK(says(type_with("/attachments", {{"policy", "permitted"}, {"count_max", 1}}), "\"bytes_max\" is missing"));
  CHECK(type_with("/attachments", {{"policy", "none"}}) == "accepted");
}

TEST_CASE("what is read of a document is in its schema or an attribute") {
  for (const char* pointer : {"/data/nobody", "/data/office/nobody", "/data/", "/data", "data/place", "/salt", "",
                              "/data/place/part", "/data/tags/0"})
    CHECK(says(type_with("/reads/routing", Json::array({pointer})), "/reads/routing"));
  CHECK(says(type_with("/reads/duties", {"/data/ref", "/data/ref"}), "listed twice"));
  CHECK(says(type_with("/reads/duties", {1}), "/reads/duties"));
  CHECK(says(type_with("/reads/duties", "/data/ref"), "a list was expected"));
  CHECK(type_with("/reads", Json::object()) == "accepted");
}

TEST_CASE("a type says how long its documents are kept, from one month to a hundred years") {
  const auto months = [](Json value) {
    Json file = sample();
    file["retention_months"] = std::move(value);
    return read_type(file, Marks("t.json"));
  };
  CHECK_FALSE(read_type(sample(), Marks("t.json"))->retention_months.has_value());
  CHECK(months(1)->retention_months == 1u);
  CHECK(months(kRetentionMonthsMax)->retention_months == kRetentionMonthsMax);
  CHECK(says(type_with("/retention_months", 0), "must be from 1 to 1200"));
  CHECK(says(type_with("/retention_months", kRetentionMonthsMax + 1), "must be from 1 to 1200"));
  CHECK(says(type_with("/retention_months", "12"), "retention_months"));
}
