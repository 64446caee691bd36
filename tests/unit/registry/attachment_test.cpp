#include "hub/registry/attachment.hpp"

#include <catch2/catch.hpp>

#include "hub/base/error_catalogue.hpp"
#include "hub/registry/document_json.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/secrecy.hpp"
#include "hub/registry/type.hpp"
#include "tests/unit/registry/samples.hpp"

using namespace hub;
using namespace hub::registry;
using Json = nlohmann::json;

namespace {

AttachmentFields attachment(const std::string& name, std::uint64_t size = 5) {
  return {name, "application/pdf", name, size, Bytes<32>{1, 2, 3}};
}

Json one(const std::string& name) {
  return {{"name", name},
          {"mediatype", "application/pdf"},
          {"size", 5},
          {"sha256", Json::binary(std::vector<std::uint8_t>(32, 1))}};
}

bool is_read(const Json& attachments) {
  Json document = Json::from_msgpack(write_document(sample_fields()));
  document["attachments"] = attachments;
  return read_document(Json::to_msgpack(document)).has_value();
}

bool is_read_with(const char* key, const Json& value) {
  Json changed = one("a.pdf");
  changed[key] = value;
  return is_read(Json::array({changed}));
}

}  // namespace

TEST_CASE("a document's attachments read as they were written") {
  DocumentFields fields = sample_fields();
  fields.attachments = {attachment("Báo cáo.pdf", 0), attachment("b.pdf", std::uint64_t{4} << 30)};
  const Buffer bytes = write_document(fields);
  const auto view = read_document(bytes);
  REQUIRE(view.has_value());
  CHECK(view->attachment_totals.count == 2);
  CHECK(view->attachment_totals.bytes == std::uint64_t{4} << 30);
  const auto read = read_attachments(view->attachments);
  REQUIRE(read.size() == 2);
  CHECK(read[0].name == "Báo cáo.pdf");
  CHECK(read[1].mediatype == "application/pdf");
  CHECK(read[1].size == std::uint64_t{4} << 30);
  CHECK(read[1].sha256 == Bytes<32>{1, 2, 3});
}

TEST_CASE("a document without attachments has none") {
  const Buffer bytes = write_document(sample_fields());
  const auto view = read_document(bytes);
  REQUIRE(view.has_value());
  CHECK(view->attachment_totals.count == 0);
  CHECK(read_attachments(view->attachments).empty());
}

TEST_CASE("a document has 1 to 20 attachments") {
  CHECK_FALSE(is_read(Json::array()));
  Json many = Json::array();
  for (std::int64_t i = 0; i < kAttachmentsMax; ++i) many.push_back(one(std::to_string(i)));
  CHECK(is_read(many));
  many.push_back(one("one more"));
  CHECK_FALSE(is_read(many));
}

TEST_CASE("an attachment's name is a plain file name, and stands there once") {
  CHECK(is_read(Json::array({one(std::string(kAttachmentNameBytesMax, 'a'))})));
  CHECK_FALSE(is_read(Json::array({one(std::string(kAttachmentNameBytesMax + 1, 'a'))})));
  for (const std::string bad :
       {"", ".", "..", "a/b", "../a", "a\\b", "a\nb", "a\x7f", "a\xc2\x85", "a\u202egpj.exe", "To\u0300a.pdf", "a\xff"})
    CHECK_FALSE(is_attachment_name(bad));
  for (const std::string good : {"a", "...", ".a", "Tòa án (bản 2).pdf", "a b"}) CHECK(is_attachment_name(good));
  CHECK_FALSE(is_read(Json::array({one("a"), one("b"), one("a")})));
}

TEST_CASE("an attachment's size, mediatype and digest are checked at their limits") {
  CHECK(is_read_with("size", kAttachmentBytesMax));
  CHECK_FALSE(is_read_with("size", kAttachmentBytesMax + 1));
  CHECK_FALSE(is_read_with("size", -1));
  CHECK(is_read_with("mediatype", "a/" + std::string(kMediaTypeBytesMax - 2, 'b')));
  CHECK_FALSE(is_read_with("mediatype", "a/" + std::string(kMediaTypeBytesMax - 1, 'b')));
  for (const char* bad : {"", "pdf", "a/", "/b", "a/b/c", "a b/c", "ă/b", "a/b;c=d"}) CHECK_FALSE(is_media_type(bad));
  CHECK_FALSE(is_read_with("sha256", Json::binary(std::vector<std::uint8_t>(31, 1))));
  CHECK_FALSE(is_read_with("sha256", Json::binary(std::vector<std::uint8_t>(33, 1))));
  CHECK_FALSE(is_read_with("file", "a.pdf"));
  Json less = one("a");
  less.erase("size");
  CHECK_FALSE(is_read(Json::array({less})));
}

TEST_CASE("a secrecy mark is found in an attachment's name") {
  DocumentFields fields = sample_fields();
  fields.attachments = {attachment("Báo cáo Tuyệt mật.pdf")};
  const auto refusal = refuse_secrecy_mark(write_document(fields));
  REQUIRE(refusal.has_value());
  CHECK(refusal->code == ErrorCode::secrecy_mark);
  CHECK(refusal->facts[1].value == "/attachments/0/name");
}

TEST_CASE("attachments come from JSON and go back to it") {
  const std::string digest(64, 'a');
  const auto fields = document_from_json(
      R"({"type":"a/1","to":"b","subject":"x","data":{},"attachments":[{"file":"a.pdf"},{"name":"b.txt",
          "mediatype":"text/plain","size":7,"sha256":")" +
      digest + R"("},{"name":"To\u0300a","file":"x"}]})");
  REQUIRE(fields.has_value());
  REQUIRE(fields->attachments.size() == 3);
  CHECK(fields->attachments[0].name == "a.pdf");
  CHECK(fields->attachments[0].mediatype == "application/octet-stream");
  CHECK_FALSE(fields->attachments[0].size.has_value());
  CHECK(fields->attachments[1].file == "b.txt");
  CHECK(fields->attachments[1].size == 7u);
  CHECK(to_hex(*fields->attachments[1].sha256) == digest);
  CHECK(fields->attachments[2].name == "Tòa");

  DocumentFields document = sample_fields();
  document.attachments = {attachment("a.pdf")};
  const Buffer bytes = write_document(document);
  const Json json = Json::parse(document_to_json(*read_document(bytes)));
  CHECK(json["attachments"][0]["name"] == "a.pdf");
  CHECK(json["attachments"][0]["size"] == 5);
  CHECK(json["attachments"][0]["sha256"] == to_hex(Bytes<32>{1, 2, 3}));
}

TEST_CASE("what is wrong with an attachment in JSON is told with its place") {
  const auto refusal = [](const std::string& attachments) {
    const auto fields =
        document_from_json(R"({"type":"a/1","to":"b","subject":"x","data":{},"attachments":)" + attachments + "}");
    return fields ? "taken" : fields.error().facts.at(0).value;
  };
  CHECK(refusal(R"([{"name":"a"}])") == "taken");
  CHECK(refusal("[]") == "/attachments");
  CHECK(refusal("{}") == "/attachments");
  CHECK(refusal("[1]") == "/attachments/0");
  CHECK(refusal("[{}]") == "/attachments/0");
  CHECK(refusal(R"([{"name":"a"},{"name":"../b"}])") == "/attachments/1/name");
  CHECK(refusal(R"([{"file":"a/b"}])") == "/attachments/0/file");
  CHECK(refusal(R"([{"name":"a","size":-1}])") == "/attachments/0/size");
  CHECK(refusal(R"([{"name":"a","sha256":"00"}])") == "/attachments/0/sha256");
  CHECK(refusal(R"([{"name":"a","colour":"red"}])") == "/attachments/0/colour");
}

TEST_CASE("a type says how many attachments a document has at most, and of how many bytes") {
  Json value = Json::parse(
      R"({"type":"a/1","label":{"vi":"a","en":"a"},"example":{"text":"a"},"counterexample":{"text":1},
          "schema":{"type":"object","properties":{"text":{"type":"string"}},"required":["text"],
                    "additionalProperties":false}})");
  const auto without = read_type(value, Marks(""));
  REQUIRE(without.has_value());
  CHECK_FALSE(refuse_attachments(*without, {}).has_value());
  CHECK(refuse_attachments(*without, {1, 0})->code == ErrorCode::attachments_not_permitted);
  value["attachments"] = {{"policy", "permitted"}, {"count_max", 2}, {"bytes_max", 10}};
  const auto with = read_type(value, Marks(""));
  REQUIRE(with.has_value());
  CHECK_FALSE(refuse_attachments(*with, {2, 10}).has_value());
  CHECK(refuse_attachments(*with, {3, 10}).has_value());
  CHECK(refuse_attachments(*with, {2, 11}).has_value());
}
