// What this adapter writes, read again.
#include <set>

#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/writer.hpp"
#include "hub/registry/document_json.hpp"
#include "hub/registry/schema.hpp"
#include "tests/oracle/random_document.hpp"
#include "tests/unit/edxml/samples.hpp"

using namespace hub;
using namespace hub::edxml;
using namespace hub::test;
using Json = nlohmann::json;

namespace {

constexpr int kDocumentsOfType = 6;

Uuid random_uuid(Dice& dice) {
  Bytes<16> bytes;
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice.below(256));
  return uuid_from_digest(bytes);
}

Json sensible_data(Dice& dice, const Json& type, const registry::Schema& schema) {
  for (int i = 0; i < 50; ++i)
    if (Json data = document_for(dice, type["schema"]); data.is_object() && schema.validate(Json::to_msgpack(data)))
      return data;
  return type["example"];
}

// Normalised, as every document that comes by an adapter.
Buffer random_document(Dice& dice, const std::string& type, const Json& data) {
  registry::DocumentFields fields;
  fields.id = random_uuid(dice);
  fields.source = "ubnd.huyen";
  fields.type = type;
  const std::string subjects[] = {"Về việc phối hợp", "a < b & \"c\" > d]]>", "Trích yếu \u0001 lạ",
                                  "  hai  chỗ trống "};
  fields.subject = dice.pick(subjects);
  fields.time = UnixMicros(1'710'205'200'123'456 + static_cast<std::int64_t>(dice.below(1'000'000'000)));
  fields.to = dice.chance(50) ? "btg.huyen" : "toa-an.huyen,btg.huyen";
  fields.salt.emplace();
  for (auto& byte : *fields.salt) byte = static_cast<std::uint8_t>(dice.below(256));
  if (dice.chance(30)) fields.conversation = random_uuid(dice);
  fields.urgency = static_cast<std::uint8_t>(dice.below(5));
  if (fields.urgency == 4) fields.deliver_at = UnixMicros(1'710'300'000'000'000);
  const std::string numbers[] = {"", "12/KH-UBND", "1214-CV/HU", "một số lạ"};
  fields.docnumber = dice.pick(numbers);
  fields.data = Json::to_msgpack(data);
  const Buffer bytes = registry::write_document(fields);
  const auto view = registry::read_document(bytes);
  REQUIRE(view);
  const auto normal = registry::document_from_json(registry::document_to_json(*view));
  INFO((normal ? "" : describe(normal.error(), Language::english)));
  REQUIRE(normal);
  return registry::write_document(*normal);
}

std::vector<AttachmentFile> random_attachments(Dice& dice, const TemporaryFolder& folder) {
  const std::string names[] = {"Công văn.pdf", "hồ sơ.zip", "bảng.docx", "ảnh", "tệp-1.txt"};
  std::vector<AttachmentFile> out;
  for (const std::string& name : names) {
    if (dice.chance(60)) continue;
    std::string content = dice.chance(40) ? std::string("PK\x03\x04") : "";
    for (std::size_t size = dice.below(3) * dice.below(100'000); size > 0; --size)
      content += static_cast<char>(dice.below(256));
    const std::string path = folder.path() + "/" + std::to_string(out.size());
    write_content(path, content);
    out.push_back({name, "application/octet-stream", path});
  }
  return out;
}

void check_round_trip(Dice& dice, const Buffer& bytes) {
  const TemporaryFolder folder, staging;
  const std::vector<AttachmentFile> attachments = random_attachments(dice, folder);
  const auto view = registry::read_document(bytes);
  const std::string path = folder.path() + "/out.edxml";
  const std::string delivery = dice.chance(50) ? R"({"id": "d-1", "position": 7})" : "";
  const auto written = write_edxml(path, {*view, attachments, delivery}, sample_organisations());
  INFO((written ? "" : describe(written.error(), Language::english)));
  REQUIRE(written);
  const auto file = read_path(path, staging);
  INFO(outcome(file));
  REQUIRE(file);
  const auto mapped = map_message(std::get<Message>(file->content), sample_organisations(), shipped_mappings());
  INFO(outcome(mapped));
  REQUIRE(mapped);
  CHECK(mapped->rule == kHubDataName);
  CHECK(registry::write_document(mapped->fields) == bytes);
  REQUIRE(mapped->attachments.size() == attachments.size());
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    CHECK(mapped->attachments[i].name == attachments[i].name);
    CHECK(content_of(mapped->attachments[i].path) == content_of(attachments[i].path));
  }
}

}  // namespace

TEST_CASE("documents of every type come back from edXML with the same bytes and attachments") {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(HUB_SOURCE_DIR "/schemas/types"))
    files.insert(entry.path().string());
  REQUIRE(files.size() > 30);
  std::uint64_t seed = 1;
  for (const std::string& file : files) {
    const Json type = Json::parse(content_of(file));
    const auto schema = registry::Schema::compile(type["schema"], file);
    REQUIRE(schema);
    for (int i = 0; i < kDocumentsOfType; ++i) {
      INFO(file << " seed " << seed);
      Dice dice(seed++);
      const Json data = i == 0 ? type["example"] : sensible_data(dice, type, *schema);
      check_round_trip(dice, random_document(dice, type["type"], data));
    }
  }
}

TEST_CASE("an official document is readable in the header that is written") {
  Dice dice(7);
  const Json type = Json::parse(content_of(HUB_SOURCE_DIR "/schemas/types/official-document.1.json"));
  const Buffer bytes = random_document(dice, "official-document/1", type["example"]);
  const TemporaryFolder folder, staging;
  const std::string path = folder.path() + "/out.edxml";
  REQUIRE(write_edxml(path, {*registry::read_document(bytes), {}, ""}, sample_organisations()));
  auto file = read_path(path, staging);
  REQUIRE(file);
  auto& message = std::get<Message>(file->content);
  CHECK(message.from.organ_id == "000.00.00.H41");
  CHECK(message.code_notation == "CV/HU");
  message.attachments.clear();  // without hub-data.json
  const auto mapped = map_message(message, sample_organisations(), {});
  REQUIRE(mapped);
  CHECK(mapped->fields.type == "official-document/1");
  CHECK(Json::from_msgpack(mapped->fields.data) == type["example"]);
  CHECK(mapped->fields.id == registry::read_document(bytes)->id);
}

TEST_CASE("a status file that is written tells the same when it is read") {
  for (const StatusCode code : {StatusCode::arrived, StatusCode::refused, StatusCode::finished,
                                StatusCode::recall_requested, StatusCode::change_refused}) {
    const TemporaryFolder folder, staging;
    const std::string path = folder.path() + "/status.edxml";
    const UnixMicros time = *parse_rfc3339("2024-03-12T01:00:00Z");
    REQUIRE(write_status(path,
                         {"btg.huyen",
                          {"000.00.00.H41", "57/CV-UBND", "000.00.00.H41,2024/03/04,57/CV-UBND",
                           parse_date("2024-03-04"), 0},
                          code, "Đã tiếp nhận", time},
                         sample_organisations()));
    const auto file = read_path(path, staging);
    INFO(outcome(file));
    REQUIRE(file);
    const auto& status = std::get<StatusMessage>(file->content);
    CHECK(status.code == code);
    CHECK(status.description == "Đã tiếp nhận");
    CHECK(status.time == time);
    CHECK(status_target(status, sample_organisations()).candidates.at(0) ==
          original_uuid("ubnd.huyen", "000.00.00.H41,2024/03/04,57/CV-UBND"));
  }
}

TEST_CASE("what cannot be written leaves no file") {
  Dice dice(3);
  const Buffer bytes = random_document(dice, "recall/1", Json::object());
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/out.edxml";
  const OutgoingDocument outgoing{
      *registry::read_document(bytes), {{"a.pdf", "application/pdf", folder.path() + "/missing"}}, ""};
  CHECK(write_edxml(path, outgoing, sample_organisations()).error().code == ErrorCode::io_failed);
  CHECK(write_edxml(path, {*registry::read_document(bytes), {}, ""}, Organisations({})).error().code ==
        ErrorCode::not_found);
  CHECK(folder.files() == 0);
}
