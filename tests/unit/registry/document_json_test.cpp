#include "hub/registry/document_json.hpp"

#include <catch2/catch.hpp>

#include "hub/base/error_catalogue.hpp"
#include "tests/unit/registry/samples.hpp"

using namespace hub;
using namespace hub::registry;
using Json = nlohmann::json;

namespace {

std::string document_json_refusal(const std::string& text) {
  const auto fields = document_from_json(text);
  return fields ? "accepted" : std::string(code_text(fields.error().code)) +
                                   fill(" {line}:{column} {pointer} {reason}{reason_en}", fields.error().facts);
}

}  // namespace

TEST_CASE("a document comes back from its JSON with the same bytes") {
  DocumentFields fields = sample_fields();
  fields.urgency = 4;
  fields.deliver_at = *parse_rfc3339("2024-03-13T01:00:00.5Z");
  fields.docnumber = "12/KH-UBND";
  const Buffer bytes = write_document(fields);
  const std::string text = document_to_json(*read_document(bytes));
  CHECK(text.find("\"subject\": \"Báo cáo kết quả xét xử\"") != std::string::npos);
  const auto again = document_from_json(text);
  REQUIRE(again);
  CHECK(write_document(*again) == bytes);
}

TEST_CASE("an agency may leave out what its adapter fills in") {
  const auto fields =
      document_from_json(R"({"type":"a/1","to":"btg.huyen","subject":"x","data":{"a":[1,-1,1.5,null,true]}})");
  REQUIRE(fields);
  CHECK_FALSE(fields->id);
  CHECK_FALSE(fields->time);
  CHECK_FALSE(fields->salt);
  CHECK(fields->source.empty());
  CHECK(Json::from_msgpack(fields->data) == Json::parse(R"({"a":[1,-1,1.5,null,true]})"));
}

TEST_CASE("text is normalised to NFC on the way in, keys of data too") {
  const auto fields = document_from_json("{\"type\":\"a/1\",\"to\":\"b\",\"subject\":\"To\u0300a a\u0301n\","
                                         "\"data\":{\"e\u0302\":[\"o\u031b\"]}}");
  REQUIRE(fields);
  CHECK(fields->subject == "Tòa án");
  CHECK(Json::from_msgpack(fields->data) == Json({{"ê", {"ơ"}}}));
  CHECK(document_json_refusal("{\"type\":\"a/1\",\"to\":\"b\",\"subject\":\"x\",\"data\":{\"e\u0302\":1,\"ê\":2}}")
            .find("stands here twice") != std::string::npos);
}

TEST_CASE("a time with an offset becomes UTC") {
  const auto fields =
      document_from_json(R"({"type":"a/1","to":"b","subject":"x","data":{},"time":"2024-03-12T08:00:00+07:00"})");
  REQUIRE(fields);
  CHECK(format_rfc3339(*fields->time) == "2024-03-12T01:00:00.000000Z");
}

TEST_CASE("a mistake in a JSON document is reported with line, column and pointer") {
  CHECK(document_json_refusal("Kính gửi: Ban Tuyên giáo").starts_with("file-not-json 1:1"));
  CHECK(document_json_refusal("{\n \"type\": }").starts_with("file-not-json 2:10"));
  CHECK(document_json_refusal("[]").starts_with("schema-violation 1:1 / ?"));
  CHECK(document_json_refusal("{\"type\":\"a/1\",\"to\":\"b\",\"subject\":\"x\",\n\"data\":{},\n \"urgency\": 9}") ==
        "schema-violation 3:13 /urgency ?must be an integer from 0 to 4");
  CHECK(document_json_refusal(R"({"type":"a/1","to":"b","subject":"x","data":[]})").find("/data") != std::string::npos);
  CHECK(document_json_refusal(R"({"type":"a/1","to":["b"],"subject":"x","data":{}})").find("/to") != std::string::npos);
  CHECK(document_json_refusal(R"({"type":"a/1","to":"b","data":{}})").find("\"subject\" is missing") !=
        std::string::npos);
  CHECK(document_json_refusal(R"({"type":"a/1","to":"b","subject":"x","data":{},"from":"c"})").find("/from") !=
        std::string::npos);
  CHECK(document_json_refusal(R"({"type":"a/1","to":"b","subject":"x","data":{},"salt":"AAAA"})").find("/salt") !=
        std::string::npos);
}

TEST_CASE("what JSON cannot hold is shown as far as it can be") {
  DocumentFields fields = sample_fields();
  fields.data = *from_hex("83a162c4020001a165d4050001c3");
  const std::string text = document_to_json(*read_document(write_document(fields)));
  CHECK(Json::parse(text)["data"]["b"] == "AAE=");
  CHECK(Json::parse(text)["data"]["e"].is_null());
}
