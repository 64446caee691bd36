#include "hub/reports/overreach_report.hpp"

#include <catch2/catch.hpp>

namespace hub::reports {
namespace {

ledger::OverreachQuestion question() {
  return {.party = "toa-an.huyen", .from = parse_rfc3339("2024-03-11T17:00:00Z"), .until = parse_rfc3339("2024-03-12T17:00:00Z")};
}

ledger::Overreach sample_overreach() {
  ledger::Overreach out;
  out.position = Position(301);
  out.time = parse_rfc3339("2024-03-12T01:00:00.5Z");
  out.permissions = 7;
  out.unused = {{"huyen/btg-238", 1, "toa-an-phan-bac", "rebuttal-request", "toa-an.huyen", "btg.huyen"}};
  out.unneeded = {{"huyen/btg-238", "toa-an", "toa-an.huyen", "btg.huyen", "<court>", 1234}};
  ledger::AuditEntry reading;
  reading.position = Position(300);
  reading.time = *out.time;
  reading.actor = "administrator:ab";
  reading.reason = "khiếu nại & <i>";
  reading.document = ledger::AuditedDocument{Position(264), "id", "pre-trial-notice/1", "toa-an.huyen"};
  out.readings.rows = {reading};
  return out;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("a field that was not needed comes with the address of the documents that its figure counts") {
  const auto json = overreach_json(question(), sample_overreach());
  CHECK(json["party"] == "toa-an.huyen");
  CHECK(json["permissions"] == 7);
  REQUIRE(json["unneeded"].size() == 1);
  CHECK(json["unneeded"][0]["documents"] == 1234);
  CHECK(json["unneeded"][0]["records"] ==
        "/api/v1/documents?sender=toa-an.huyen&recipient=btg.huyen&agreement=huyen%2Fbtg-238&clause=toa-an"
        "&unneeded=%3Ccourt%3E&from=2024-03-11T17%3A00%3A00.000000Z&until=2024-03-12T17%3A00%3A00.000000Z&limit=50");
  CHECK_FALSE(json.contains("counted_from"));
}

TEST_CASE("where not all outcomes were looked at, the documents are those after the cut") {
  ledger::Overreach cut = sample_overreach();
  cut.counted_from = parse_rfc3339("2024-03-12T00:00:00Z");
  const auto json = overreach_json(question(), cut);
  CHECK(json["counted_from"] == "2024-03-12T00:00:00.000000Z");
  CHECK(contains(json["unneeded"][0]["records"], "from=2024-03-12T00%3A00%3A00.000001Z"));
}

TEST_CASE("as CSV there is one row a field, and one row a permission that was not used") {
  const auto json = overreach_json(question(), sample_overreach());
  const std::string fields = unneeded_csv(json);
  CHECK(contains(fields, "agreement,clause,sender,recipient,field,documents,records\r\n"));
  CHECK(contains(fields, "huyen/btg-238,toa-an,toa-an.huyen,btg.huyen,<court>,1234,/api/v1/documents?"));
  CHECK(contains(unused_csv(json), "agreement,version,clause,type,sender,recipient\r\nhuyen/btg-238,1,toa-an-phan-bac,"));
}

TEST_CASE("the page for printing names party, field and reader, escapes what came from outside, and has no script") {
  ReportNames names;
  names.parties["toa-an.huyen"] = "Tòa án nhân dân huyện";
  const std::string page = overreach_html(overreach_json(question(), sample_overreach()), names);
  CHECK(contains(page, "Tòa án nhân dân huyện <small>toa-an.huyen</small>"));
  CHECK(contains(page, "&lt;court&gt;"));
  CHECK(contains(page, "1.234"));
  CHECK(contains(page, "khiếu nại &amp; &lt;i&gt;"));
  CHECK_FALSE(contains(page, "<script"));
  CHECK(contains(page, "Không có."));  // no replays
}

}  // namespace hub::reports
