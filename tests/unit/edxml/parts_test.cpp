#include <re2/re2.h>

#include "adapters/edxml/base64_decoder.hpp"
#include "adapters/edxml/change_document.hpp"
#include "adapters/edxml/dates.hpp"
#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/file_name.hpp"
#include "adapters/edxml/official_document.hpp"
#include "hub/registry/schema.hpp"
#include "tests/unit/edxml/samples.hpp"

using namespace hub;
using namespace hub::edxml;
using namespace hub::test;
using Json = nlohmann::json;

namespace {

std::string date(const char* text) {
  const auto out = parse_edxml_date(text);
  return out ? format_date(*out) : "none";
}

std::string time(const char* text) {
  const auto out = parse_edxml_time(text);
  return out ? format_rfc3339(*out) : "none";
}

std::string name(std::string_view text) { return safe_file_name(text).value_or("refused"); }

template <class T>
std::string mistake(const Result<T>& result) {
  return result ? "accepted" : fill("{line}:{column} {path}: {reason}", result.error().facts);
}

}  // namespace

TEST_CASE("dates are read as systems write them, and real ones only") {
  CHECK(date("2024/03/12") == "2024-03-12");
  CHECK(date("2024-3-1") == "2024-03-01");
  CHECK(date("12/03/2024") == "2024-03-12");
  CHECK(date("2024/03/12 08:00:00") == "2024-03-12");
  CHECK(date("2014/02/30") == "none");
  CHECK(date("0001/01/01") == "none");
  CHECK(date("") == "none");
  CHECK(date("hôm qua") == "none");
}

TEST_CASE("a time without an offset is that of Vietnam") {
  CHECK(time("2024/03/12 08:00:01") == "2024-03-12T01:00:01.000000Z");
  CHECK(time("2024-03-12T08:00:01.25+00:00") == "2024-03-12T08:00:01.250000Z");
  CHECK(time("2024/03/12") == "2024-03-11T17:00:00.000000Z");
  CHECK(time("2024/03/12 25:00:00") == "none");
  CHECK(format_edxml_time(*parse_rfc3339("2024-03-12T01:00:01Z")) == "2024/03/12 08:00:01");
}

TEST_CASE("base64 may come in any pieces, and must be whole") {
  const std::string content = "Ủy ban nhân dân";
  const std::string text = to_base64(as_bytes(content));
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    Base64Decoder decoder;
    Buffer out;
    for (std::size_t at = 0; at < text.size(); at += piece) REQUIRE(decoder.add(text.substr(at, piece) + "\r\n ", out));
    CHECK(decoder.finished());
    CHECK(as_text(out) == content);
  }
  const auto refused = [](const char* bad) {
    Base64Decoder decoder;
    Buffer out;
    return !(decoder.add(bad, out) && decoder.finished());
  };
  for (const char* bad : {"QUJ", "QUI", "Q===", "QQ==QUJD", "QQ=Q", "QU-D", "=", "QUJD%"}) CHECK(refused(bad));
  CHECK_FALSE(refused(""));
}

TEST_CASE("a name that leads out of the folder is refused, folders and odd signs are taken off") {
  CHECK(name("../../etc/passwd") == "refused");
  CHECK(name("..\\a.pdf") == "refused");
  CHECK(name("a/..") == "refused");
  CHECK(name("...") == "refused");
  CHECK(name("/") == "refused");
  CHECK(name("C:\\van thu\\Công văn.pdf") == "Công văn.pdf");
  CHECK(name("/tmp/a.pdf") == "a.pdf");
  CHECK(name(".bashrc") == "bashrc");
  CHECK(name("-rf") == "rf");
  CHECK(name("a:b?\n.pdf") == "a_b__.pdf");
  CHECK(name("\u202efdp.exe") == "fdp.exe");
  const std::string longest = std::string(146, 'a') + ".pdf";
  CHECK(name(longest) == longest);
  CHECK(name("a" + longest) == longest);
  std::set<std::string> taken;
  CHECK(free_name("a.pdf", taken) == "a.pdf");
  CHECK(free_name("A.PDF", taken) == "A-2.PDF");
  CHECK(free_name("a.pdf", taken) == "a-3.pdf");
}

TEST_CASE("numbers of State and Party come apart as they were put together") {
  for (const auto& [number, notation, whole] : {std::tuple{"12", "KH-UBND", "12/KH-UBND"},
                                                {"1214", "CV/HU", "1214-CV/HU"},
                                                {"15", "2024/QĐ-UBND", "15/2024/QĐ-UBND"}}) {
    CHECK(document_number(number, notation) == whole);
    CHECK(number_and_notation(whole) == std::pair<std::string, std::string>(number, notation));
  }
}

TEST_CASE("both codes of an agency lead to the same ids") {
  const auto& organisations = sample_organisations();
  Message a, b;
  a.from.organ_id = "000.00.00.H41";
  b.from.organ_id = "H37.UB.001";
  a.document_id = b.document_id = "000.00.00.H41,2024/03/04,57/CV-UBND";
  CHECK(document_uuid(a, organisations) == document_uuid(b, organisations));
  a.business.kind = BusinessKind::recall;
  CHECK(document_uuid(a, organisations) != document_uuid(b, organisations));
  const DocumentReference reference{"H37.UB.001", "57/CV-UBND", "", parse_date("2024-03-04"), 1};
  const auto candidates = candidate_uuids(reference, organisations);
  CHECK(std::find(candidates.begin(), candidates.end(), document_uuid(b, organisations)) != candidates.end());
  CHECK(candidate_uuids({"H37.UB.001", "57/CV-UBND", "", std::nullopt, 1}, organisations).empty());
}

TEST_CASE("a change follows its type and has the type's fixed subject") {
  Message message;
  message.from.organ_id = "000.00.00.H41";
  message.document_id = "b";
  message.business.document_id = "a";
  for (const auto& [kind, file] : {std::pair{BusinessKind::recall, "recall"},
                                   {BusinessKind::update, "update"},
                                   {BusinessKind::replace, "replacement"}}) {
    message.business.kind = kind;
    const auto change = change_document(message, sample_organisations());
    REQUIRE(change);
    const Json type = Json::parse(content_of(HUB_SOURCE_DIR "/schemas/types/" + std::string(file) + ".1.json"));
    CHECK(change->type == type["type"]);
    const auto schema = registry::Schema::compile(type["schema"], file);
    REQUIRE(schema);
    const Buffer data = Json::to_msgpack(change->data);
    CHECK(schema->validate(data));
    CHECK(registry::SubjectTemplate::parse(type["subject"]["made_of"].get<std::string>())->make(data) ==
          change->subject);
  }
}

TEST_CASE("organisations are read strictly") {
  const auto with = [](const std::string& entry) {
    return mistake(Organisations::parse(
        "organisations:\n  - {party: a.b, name: A, ids: [\"1.2\"]}\n  - " + entry + "\n", "o.yaml"));
  };
  CHECK(with("{party: c.d, name: C, ids: [\"1.3\", \"X\"]}") == "accepted");
  CHECK_THAT(with("{party: c.d, name: C, ids: [\"1.2\"]}"),
             Catch::StartsWith("3:") && Catch::Contains("code 1.2 is that of a.b"));
  CHECK_THAT(with("{party: a.b, name: C, ids: [\"1.3\"]}"), Catch::Contains("party a.b stands here twice"));
  CHECK_THAT(with("{party: c.d, name: C, ids: [\"1.3\"], code: x}"), Catch::Contains("/organisations/1/code"));
  CHECK_THAT(with("{party: c.d, name: C, ids: []}"), Catch::Contains("one code at least"));
  CHECK_THAT(with("{party: \"C D\", name: C, ids: [\"1.3\"]}"), Catch::Contains("no party's id"));
}

TEST_CASE("mapping files are read strictly") {
  const std::string good = "mapping: m\ntype: a/1\nwhen: {Subject: '(?P<x>a)'}\ndata:\n  f: {capture: x}\n";
  CHECK(mistake(parse_mapping(good, "m.yaml")) == "accepted");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return mistake(parse_mapping(text, "m.yaml"));
  };
  CHECK_THAT(with("a/1", "a"), Catch::StartsWith("2:"));
  CHECK_THAT(with("Subject", "Title"), Catch::Contains("no header element \"Title\""));
  CHECK_THAT(with("a)'", "a'"), Catch::Contains("no pattern of RE2"));
  CHECK_THAT(with("{capture: x}", "{capture: y}"),
             Catch::StartsWith("5:") && Catch::Contains("no pattern has a capture"));
  CHECK_THAT(with("{capture: x}", "{capture: x, element: Subject}"),
             Catch::Contains("one of element, capture and constant"));
  CHECK_THAT(with("{capture: x}", "{capture: x, as: number}"), Catch::Contains("text, date, integer or boolean"));
  CHECK_THAT(with("{capture: x}", "{element: SignerInfo/FullName}"), Catch::Contains("no header element"));
  CHECK_THAT(with("data:", "more: 1\ndata:"), Catch::Contains("/more"));
  CHECK_THAT(with("data:", "subject: '{g}'\ndata:"), Catch::Contains("data has no field \"g\""));
  CHECK_THAT(with("when: {Subject: '(?P<x>a)'}", "when: {}"), Catch::Contains("1 to 16 conditions"));
}

TEST_CASE("what the shipped mappings fill follows the types") {
  for (const Mapping& mapping : shipped_mappings()) {
    INFO(mapping.name);
    std::string file = mapping.type;
    file.replace(file.find('/'), 1, ".");
    const Json type = Json::parse(content_of(HUB_SOURCE_DIR "/schemas/types/" + file + ".json"));
    for (const ValueRule& rule : mapping.values) CHECK(type["schema"]["properties"].contains(rule.field));
    CHECK((type["attachments"]["policy"] == "permitted" || !mapping.carry_attachments));
    if (type["subject"].value("fixed", false)) {
      REQUIRE(mapping.subject);
      CHECK(mapping.subject->text() == type["subject"]["made_of"]);
    }
  }
}

TEST_CASE("a header becomes an official document within the type's bounds, and says what was left out") {
  const Json type = Json::parse(content_of(HUB_SOURCE_DIR "/schemas/types/official-document.1.json"));
  const auto schema = registry::Schema::compile(type["schema"], "official-document/1");
  REQUIRE(schema);
  Message message;
  message.promulgation_date = *parse_date("2024-03-04");
  const auto fill = [&](std::size_t over) {
    message.code_number = std::string(32, '1');
    message.code_notation = std::string(64, 'A');
    message.promulgation_place = std::string(100 + over, 'a');
    message.document_type_name = message.sphere_of_promulgation = message.promulgation_place;
    message.signer_position = message.signer_competence = message.promulgation_place;
    message.content = std::string(4000 + over, 'a');
    message.to_places.assign(100 + over, std::string(200, 'a'));
    message.appendixes.assign(100 + over, std::string(300, 'a'));
    message.page_amount = 100'000 + static_cast<std::uint32_t>(over);
    message.response_for.assign(50, {std::string(64, 'a'), std::string(100, 'a'), std::string(200 + over, 'a'), {}, 1});
  };
  for (const std::size_t over : {0U, 1U}) {
    fill(over);
    std::vector<std::string> notes;
    const auto data = official_document(message, notes);
    REQUIRE(data);
    CHECK(schema->validate(Json::to_msgpack(*data)));
    CHECK(data->contains("content") == (over == 0));
    CHECK(notes.empty() == (over == 0));
  }
  std::vector<std::string> notes;
  message.code_number += "1";
  CHECK_THAT(outcome(official_document(message, notes)), Catch::Contains("characters of CodeNumber"));
}
