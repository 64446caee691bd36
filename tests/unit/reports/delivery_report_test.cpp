#include "hub/reports/delivery_report.hpp"

#include <catch2/catch.hpp>

#include "hub/reports/html.hpp"

namespace hub::reports {
namespace {

DeliveryReport sample() {
  ledger::Sending accepted;
  accepted.position = Position(264);
  accepted.time = *parse_rfc3339("2024-03-12T01:00:00.5Z");
  accepted.document_id = "01020304-0000-4000-8000-000000000001";
  accepted.number = "=12/KH,\"x\"";
  accepted.type = "pre-trial-notice/1";
  accepted.sender = "toa-an.huyen";
  accepted.addressed = accepted.recipient = "btg.huyen";
  accepted.agreement = "huyen/btg-238";
  accepted.version = 1;
  accepted.clause = "toa-an";
  accepted.outcome = "accepted";
  accepted.state = "delivered";
  accepted.delivered = ledger::DeliveryStep{Position(266), *parse_rfc3339("2024-03-12T01:00:01.584Z"), "delivered"};
  accepted.readings = {Position(300)};
  ledger::Sending refused;
  refused.position = Position(263);
  refused.time = accepted.time;
  refused.document_id = "01020304-0000-4000-8000-000000000002";
  refused.type = "<b>unknown</b>/1";
  refused.sender = "vks.huyen";
  refused.outcome = "type-unknown";
  DeliveryReport out;
  out.filter.from = *parse_rfc3339("2024-03-11T17:00:00Z");
  out.filter.party = "btg.huyen";
  out.sendings.position = Position(301);
  out.sendings.time = accepted.time;
  out.sendings.rows = {accepted, refused};
  out.sendings.readings = {{Position(300), accepted.time, Position(264), "administrator:ab", "khiếu nại & <i>"}};
  return out;
}

}  // namespace

TEST_CASE("each figure has the address of the rows that it counts, and 0 has none") {
  const auto json = report_json(sample());
  CHECK(json["position"] == 301);
  CHECK(json["party"] == "btg.huyen");
  CHECK(json["total"]["sent"] == 2);
  CHECK(json["total"]["refused"]["type-unknown"] == 1);
  REQUIRE(json["lines"].size() == 2);
  const auto& whole = json["lines"][0];  // nothing was in question
  CHECK_FALSE(whole.contains("agreement"));
  CHECK(whole["records"]["refused type-unknown"] ==
        "/api/v1/reports/deliveries?party=btg.huyen&sender=vks.huyen&recipient=-&agreement=-&clause=-"
        "&outcome=type-unknown&from=2024-03-11T17%3A00%3A00.000000Z");
  const auto& line = json["lines"][1];
  CHECK(line["to_deliver"]["p95"]["seconds"] == 1.084);
  CHECK(line["to_deliver"]["p95"]["document"] == 264);
  CHECK_FALSE(line.contains("to_answer"));
  CHECK(line["records"].contains("readings"));
  CHECK_FALSE(line["records"].contains("answered"));
  CHECK_FALSE(json.contains("next"));
}

TEST_CASE("a report that was cut has addresses that begin where it does") {
  DeliveryReport report = sample();
  report.sendings.next = Position(263);
  const auto json = report_json(report);
  CHECK(json["next"] == 263);
  CHECK(json["lines"][0]["records"]["sent"].get<std::string>().find("from_position=263") != std::string::npos);
}

TEST_CASE("pages make the report that they came from") {
  const DeliveryReport report = sample();
  ledger::Sendings read;
  REQUIRE(add_page(report_json(report), read));
  CHECK(report_json({report.filter, read}) == report_json(report));
  CHECK(add_page({{"sendings", {{{"position", "x"}}}}}, read).error().code == ErrorCode::io_failed);
}

TEST_CASE("comma-separated values have one row a sending, with formulas made harmless") {
  const std::string csv = sendings_csv(sample());
  CHECK(csv.starts_with("\xEF\xBB\xBFposition,time,"));
  CHECK(csv.find("264,2024-03-12T01:00:00.500000Z,01020304-0000-4000-8000-000000000001,\"'=12/KH,\"\"x\"\"\",") !=
        std::string::npos);
  CHECK(csv.find(",266,2024-03-12T01:00:01.584000Z,delivered,1.084000,,,,,,300\r\n") != std::string::npos);
  const std::string lines = lines_csv(sample());
  CHECK(lines.find("huyen/btg-238,toa-an,toa-an.huyen,btg.huyen,1,1,0,,1,0,0,1,1.084000,264,1.084000,264,,,,\r\n") !=
        std::string::npos);
  CHECK(lines.find(",,vks.huyen,,1,0,1,type-unknown=1,0,0,0,0,,,,,,,,\r\n") != std::string::npos);
}

TEST_CASE("the page for printing is Vietnamese first, has no script, and takes nothing as markup") {
  DeliveryReport report = sample();
  report.sendings.next = Position(263);
  const std::string html = report_html(report, {{{"btg.huyen", "Ban Tuyên giáo Huyện ủy"}}, {}, {}});
  CHECK(html.starts_with("<!doctype html>\n<html lang=\"vi\">"));
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("http://") == std::string::npos);
  CHECK(html.find("size: A4") != std::string::npos);
  CHECK(html.find("<b>unknown") == std::string::npos);
  CHECK(html.find("&lt;b&gt;unknown") != std::string::npos);
  CHECK(html.find("khiếu nại &amp; &lt;i&gt;") != std::string::npos);
  CHECK(html.find("Ban Tuyên giáo Huyện ủy <small>btg.huyen</small>") != std::string::npos);
  CHECK(html.find("12/03/2024 08:00:00") != std::string::npos);
  CHECK(html.find("1,084 giây /<br>1,084 giây") != std::string::npos);
  CHECK(html.find("--before 263") != std::string::npos);
}

TEST_CASE("numbers and durations are written as Vietnamese readers expect") {
  CHECK(vietnamese_number(0) == "0");
  CHECK(vietnamese_number(999) == "999");
  CHECK(vietnamese_number(1'234'567) == "1.234.567");
  CHECK(vietnamese_duration(84'000) == "0,084 giây");
  CHECK(vietnamese_duration(59'999'999) == "59,999 giây");
  CHECK(vietnamese_duration(60 * kMicrosPerSecond) == "1 phút");
  CHECK(vietnamese_duration(725 * kMicrosPerSecond) == "12 phút 5 giây");
  CHECK(vietnamese_duration(18'720 * kMicrosPerSecond) == "5 giờ 12 phút");
  CHECK(vietnamese_duration(76 * 3'600 * kMicrosPerSecond) == "3 ngày 4 giờ");
}

}  // namespace hub::reports
