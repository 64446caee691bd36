// The files of tests/data/edxml: what each becomes, or where and why it is refused.
#include "adapters/edxml/document_id.hpp"
#include "tests/unit/edxml/samples.hpp"

using namespace hub;
using namespace hub::edxml;
using namespace hub::test;
using Json = nlohmann::json;

namespace {

Json expected(const std::string& folder) { return Json::parse(content_of(kEdxmlData + folder + "/expected.json")); }

struct Mapped {
  File file;
  MappedDocument document;
};

Mapped map_file(const std::string& name, const TemporaryFolder& staging) {
  auto file = read_path(kEdxmlData + "good/" + name + ".edxml", staging);
  INFO(outcome(file));
  REQUIRE(file);
  auto document = map_message(std::get<Message>(file->content), sample_organisations(), shipped_mappings());
  INFO(outcome(document));
  REQUIRE(document);
  return {std::move(*file), std::move(*document)};
}

bool has_note(const Mapped& mapped, const std::string& part) {
  for (const auto* notes : {&mapped.file.notes, &mapped.document.notes})
    for (const std::string& note : *notes)
      if (note.find(part) != note.npos) return true;
  return false;
}

void check_attachments(const Mapped& mapped, const Json& expected_one) {
  if (expected_one.contains("attachments")) {
    Json names = Json::array();
    for (const Attachment& a : mapped.document.attachments) names.push_back(a.name);
    CHECK(names == expected_one["attachments"]);
  }
  for (std::size_t i = 0; i < mapped.document.attachments.size(); ++i) {
    const Attachment& attachment = mapped.document.attachments[i];
    const std::string content = content_of(attachment.path);
    CHECK(content.size() == attachment.size);
    CHECK(crypto::sha256(as_bytes(content)) == attachment.sha256);
    if (expected_one.contains("media")) CHECK(attachment.media_type == expected_one["media"][i]);
  }
}

}  // namespace

TEST_CASE("every good file becomes the document that it should") {
  const Json all = expected("good");
  for (const auto& [name, want] : all.items()) {
    INFO(name);
    const TemporaryFolder staging, other;
    const Mapped mapped = map_file(name, staging);
    const auto& fields = mapped.document.fields;
    CHECK(fields.type == want["type"]);
    if (want.contains("rule")) CHECK(mapped.document.rule == want["rule"]);
    if (want.contains("to")) CHECK(fields.to == want["to"]);
    if (want.contains("source")) CHECK(fields.source == want["source"]);
    if (want.contains("docnumber")) CHECK(fields.docnumber == want["docnumber"]);
    if (want.contains("urgency")) CHECK(fields.urgency == want["urgency"]);
    if (want.contains("subject")) CHECK(fields.subject == want["subject"]);
    if (want.contains("id")) CHECK(to_text(*fields.id) == want["id"]);
    if (want.contains("conversation")) CHECK(to_text(*fields.conversation) == want["conversation"]);
    if (want.contains("note")) CHECK(has_note(mapped, want["note"]));
    if (want.contains("signature")) CHECK(std::get<Message>(mapped.file.content).has_signature == want["signature"]);
    const Json data = Json::from_msgpack(fields.data);
    if (want.contains("data")) CHECK(data == want["data"]);
    if (want.contains("reason")) CHECK(data["reason"] == want["reason"]);
    if (want.contains("same_as")) {
      const Mapped same = map_file(want["same_as"], other);
      CHECK(data == Json::from_msgpack(same.document.fields.data));
      CHECK(fields.id == same.document.fields.id);
      CHECK(fields.subject == same.document.fields.subject);
    }
    if (want.contains("original")) {
      const Mapped original = map_file(want["original"], other);
      const std::string id = to_text(*original.document.fields.id);
      CHECK((data.value("document_id", "") == id || data["replaced_document_ids"][0] == id));
      CHECK(fields.id != original.document.fields.id);
    }
    check_attachments(mapped, want);
  }
}

TEST_CASE("the header of a whole file is read field by field, without the names of persons") {
  const TemporaryFolder staging;
  const Mapped mapped = map_file("01-day-du", staging);
  CHECK(Json::from_msgpack(mapped.document.fields.data) == Json::parse(R"({
    "code_number": "57", "code_notation": "CV-UBND", "promulgation_date": "2024-03-04", "promulgation_place": "Thị trấn",
    "document_type_name": "Công văn", "content": "Đề nghị phối hợp tuyên truyền.",
    "signer": {"competence": "TM. Ủy ban nhân dân", "position": "Phó Chủ tịch"}, "due_date": "2024-03-20",
    "to_places": ["Ban Tuyên giáo Huyện ủy", "Lưu Văn thư"], "sphere_of_promulgation": "Nội bộ",
    "promulgation_amount": 2, "page_amount": 3, "appendixes": ["Phụ lục 1"]})"));
  const auto& message = std::get<Message>(mapped.file.content);
  CHECK(message.from.in_charge == "Huyện ủy");
  CHECK(message.trace.at(0).organ_id == "000.00.00.H41");
  CHECK(format_rfc3339(*message.trace.at(0).time) == "2024-03-04T01:30:00.000000Z");
  CHECK(mapped.file.bytes == std::filesystem::file_size(kEdxmlData + "good/01-day-du.edxml"));
  CHECK(mapped.file.sha256 == crypto::sha256(as_bytes(content_of(kEdxmlData + "good/01-day-du.edxml"))));
}

TEST_CASE("every bad file is refused with its line and reason, and nothing of it stays") {
  const Json all = expected("bad");
  for (const auto& [name, want] : all.items()) {
    INFO(name);
    const TemporaryFolder staging;
    auto file = read_path(kEdxmlData + "bad/" + name + ".edxml", staging);
    std::string got;
    if (!file) {
      got = outcome(file);
      CHECK(staging.files() == 0);
    } else {
      const auto* message = std::get_if<Message>(&file->content);
      REQUIRE(message);
      got = outcome(map_message(*message, sample_organisations(), shipped_mappings()));
    }
    const std::string begin =
        want.value("code", "edxml-invalid") + " " + std::to_string(want["line"].get<int>()) + ": ";
    CHECK_THAT(got, Catch::StartsWith(begin) && Catch::Contains(want["reason"].get<std::string>()));
  }
}

TEST_CASE("a status file tells which delivery it is about") {
  const TemporaryFolder staging;
  const Uuid original = *map_file("01-day-du", staging).document.fields.id;
  const Json all = expected("status");
  for (const auto& [name, want] : all.items()) {
    INFO(name);
    const TemporaryFolder folder;
    const auto file = read_path(kEdxmlData + "status/" + name + ".edxml", folder);
    INFO(outcome(file));
    REQUIRE(file);
    const auto& status = std::get<StatusMessage>(file->content);
    CHECK(static_cast<int>(status.code) == want["code"]);
    CHECK(status.description == "Văn thư đã tiếp nhận");
    CHECK(status.time.has_value() != want.contains("no_time"));
    const StatusTarget target = status_target(status, sample_organisations());
    CHECK(target.reporter == "btg.huyen");
    CHECK(target.sender == "ubnd.huyen");
    CHECK(target.code == "57/CV-UBND");
    CHECK(std::find(target.candidates.begin(), target.candidates.end(), original) != target.candidates.end());
  }
}
