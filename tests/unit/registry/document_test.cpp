#include "hub/registry/document.hpp"

#include <catch2/catch.hpp>

#include "hub/base/error_catalogue.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"
#include "tests/unit/registry/samples.hpp"

using namespace hub;
using namespace hub::registry;
using Json = nlohmann::json;

namespace {

// The sample as JSON, to be changed and encoded in whatever order the changes give.
Json sample_json() {
  Json out = Json::from_msgpack(write_document(sample_fields()));
  return out;
}

std::string document_refusal(const Buffer& bytes) {
  const auto view = read_document(bytes);
  return view ? "accepted" : std::string(code_text(view.error().code)) + fill(" {reason}", view.error().facts);
}
std::string document_with(const char* key, const Json& value) {
  Json changed = sample_json();
  changed[key] = value;
  return document_refusal(Json::to_msgpack(changed));
}
std::string document_without(const char* key) {
  Json changed = sample_json();
  changed.erase(key);
  return document_refusal(Json::to_msgpack(changed));
}

std::string parties(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += (i == 0 ? "p" : ",p") + std::to_string(i);
  return out;
}
std::string characters(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "ộ";
  return out;
}

}  // namespace

TEST_CASE("a document reads as it was written") {
  DocumentFields fields = sample_fields();
  fields.conversation = *parse_uuid("11111111-2222-4333-8444-555555555555");
  fields.urgency = 4;
  fields.deliver_at = *parse_rfc3339("2024-03-13T01:00:00Z");
  fields.docnumber = "12/KH-UBND";
  fields.to = "btg.huyen,hdnd.huyen";
  const Buffer bytes = write_document(fields);
  const auto view = read_document(bytes);
  REQUIRE(view);
  CHECK(view->id == *fields.id);
  CHECK(view->conversation == *fields.conversation);
  CHECK(view->source == fields.source);
  CHECK(view->type == fields.type);
  CHECK(view->subject == fields.subject);
  CHECK(view->time == *fields.time);
  CHECK(view->salt == *fields.salt);
  CHECK(view->urgency == 4);
  CHECK(view->deliver_at == fields.deliver_at);
  CHECK(view->docnumber == fields.docnumber);
  CHECK(equal(view->data, fields.data));
  CHECK(view->recipient_count == 2);
  std::vector<std::string> to;
  for (const std::string_view party : recipients(view->to)) to.emplace_back(party);
  CHECK(to == std::vector<std::string>{"btg.huyen", "hdnd.huyen"});
}

TEST_CASE("a document without a conversation starts one, in any order of keys") {
  const Buffer written = write_document(sample_fields());
  const Buffer sorted = Json::to_msgpack(sample_json());
  CHECK(written != sorted);
  for (const Buffer& bytes : {written, sorted}) {
    const auto view = read_document(bytes);
    REQUIRE(view);
    CHECK(view->conversation == view->id);
    CHECK(view->urgency == 0);
  }
}

TEST_CASE("a document that lacks a key or has an unknown, duplicate or mistyped one is refused") {
  for (const char* key : {"specversion", "id", "source", "type", "subject", "time", "to", "salt", "data"}) {
    INFO(key);
    CHECK(document_without(key).starts_with("document-malformed \"" + std::string(key)));
    CHECK(document_with(key, 7).starts_with("document-malformed " + std::string(key)));
  }
  CHECK(document_with("extra", 1) == "document-malformed unknown key \"extra\"");
  CHECK(document_with("specversion", "0.3").starts_with("document-malformed"));
  CHECK(document_with("id", "0F8FAD5B-D9CB-469F-A165-70867728950E").starts_with("document-malformed id"));
  CHECK(document_with("time", "2024-03-12T08:00:00+07:00").starts_with("document-malformed time"));
  CHECK(document_with("type", "trial-result-report").starts_with("document-malformed type"));
  CHECK(document_with("datacontenttype", "text/xml").starts_with("document-malformed datacontenttype"));
  CHECK(document_with("datacontenttype", "application/json") == "accepted");
  Buffer twice = write_document(sample_fields());
  twice[0] = static_cast<std::uint8_t>(twice[0] + 1);
  append(twice, *from_hex("a6736f75726365a161"));
  CHECK(document_refusal(twice) == "document-malformed key \"source\" stands here twice");
}

TEST_CASE("cut and trailing bytes are refused at every length") {
  const Buffer bytes = write_document(sample_fields());
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(read_document({bytes.data(), cut}));
  Buffer longer = bytes;
  longer.push_back(0xc0);
  CHECK(document_refusal(longer) == "document-malformed bytes after the document");
}

TEST_CASE("a delivery time is required with urgency 4 and refused with any other") {
  CHECK(document_with("urgency", 4).starts_with("deliver-at-missing"));
  CHECK(document_with("urgency", 5).starts_with("document-malformed urgency"));
  CHECK(document_with("deliverat", "2024-03-13T01:00:00Z").starts_with("deliver-at-missing"));
  CHECK(document_with("urgency", 3) == "accepted");
}

TEST_CASE("recipients are 1 to 255 different party ids") {
  CHECK(document_with("to", parties(kRecipientsMax)) == "accepted");
  CHECK(document_with("to", parties(kRecipientsMax + 1)).starts_with("recipients-too-many"));
  CHECK(document_with("to", "").starts_with("document-malformed to"));
  CHECK(document_with("to", "a,b,a") == "document-malformed to: \"a\" stands there twice");
  for (const char* to : {",", "a,", ",a", "a,,b", "a, b", "A"})
    CHECK(document_with("to", to).starts_with("document-malformed to"));
}

TEST_CASE("the subject has 1 to 500 characters and the number 1 to 64 bytes") {
  CHECK(document_with("subject", characters(kSubjectCharactersMax)) == "accepted");
  CHECK(document_with("subject", characters(kSubjectCharactersMax + 1)).starts_with("document-malformed subject"));
  CHECK(document_with("subject", "").starts_with("document-malformed subject"));
  CHECK(document_with("docnumber", std::string(kDocumentNumberBytesMax, 'x')) == "accepted");
  CHECK(document_with("docnumber", std::string(kDocumentNumberBytesMax + 1, 'x'))
            .starts_with("document-malformed docnumber"));
  CHECK(document_with("docnumber", "").starts_with("document-malformed docnumber"));
}

TEST_CASE("a document has at most 1 MiB") {
  DocumentFields fields = sample_fields();
  const auto sized = [&](std::size_t text) {
    fields.data = Json::to_msgpack({{"a", std::string(text, 'x')}});
    return write_document(fields);
  };
  const std::size_t overhead = sized(1 << 19).size() - (1 << 19);
  CHECK(document_refusal(sized(kDocumentBytesMax - overhead)) == "accepted");
  CHECK(document_refusal(sized(kDocumentBytesMax - overhead + 1)).starts_with("document-too-large"));
}

TEST_CASE("names have one grammar and a length limit") {
  for (const char* good : {"a", "toa-an.huyen", "9", "a--b", "a..b"}) CHECK(is_party_id(good));
  for (const char* bad : {"", "-a", "a-", ".a", "a.", "A", "a b", "a/b", "đ"}) CHECK_FALSE(is_party_id(bad));
  CHECK(is_party_id(std::string(kNameBytesMax, 'a')));
  CHECK_FALSE(is_party_id(std::string(kNameBytesMax + 1, 'a')));
  CHECK(is_type_id("trial-result-report/1"));
  for (const char* bad : {"a", "a/", "a/0", "a/01", "a/1x", "/1", "a/1/2", "A/1"}) CHECK_FALSE(is_type_id(bad));
  CHECK(is_endpoint_id("toa-an.huyen/folder"));
  for (const char* bad : {"a", "a/", "/a", "a/b/c"}) CHECK_FALSE(is_endpoint_id(bad));
  CHECK(is_agreement_id("huyen/btg-238"));
  for (const char* bad : {"huyen", "huyen/", "/huyen", "a//b"}) CHECK_FALSE(is_agreement_id(bad));
}
