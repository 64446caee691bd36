#include "adapters/folder/status_reports.hpp"

#include "agency_bench.hpp"

using namespace hub;
using Names = std::vector<std::string>;

namespace {

constexpr char kGood[] = R"({"status": "refused", "delivery": "abcdef01-000000000041-0", "reason": "sai thể thức"})";

ErrorCode code_of(const std::string& text) {
  const auto report = folder::read_status_file(text, test::kJournal, test::kNow);
  REQUIRE_FALSE(report);
  return report.error().code;
}

struct ReportsBench : test::AgencyBench {
  std::unique_ptr<folder::StatusReports> reports;
  std::vector<sdk::StatusReport> given;
  ReportsBench() { start(); }
  void start() {
    restart();
    reports = std::make_unique<folder::StatusReports>(*agency, *store);
    next();
  }
  void next() {
    auto more = reports->next();
    REQUIRE(more);
    given = std::move(*more);
  }
  void drop(const std::string& name, const std::string& text) {
    put("outbox/" + name, text);
    const folder::FileRead file = folder::read_agency_file(agency->outbox, name, 1 << 20);
    REQUIRE(file.kind == folder::FileRead::Kind::content);
    REQUIRE(reports->take({&file, 1}, test::kJournal, test::kNow));
    next();
  }
  void settle() { REQUIRE(reports->settle(test::kNow)); }
};

}  // namespace

TEST_CASE("A JSON object with a status is a status file, and a document is none") {
  CHECK(folder::is_status_file(kGood));
  CHECK(folder::is_status_file(R"({"status": 1})"));
  CHECK_FALSE(folder::is_status_file(test::AgencyBench::document_json()));
  CHECK_FALSE(folder::is_status_file(R"({"data": {"status": "registered"}})"));
  CHECK_FALSE(folder::is_status_file(R"(["status"])"));
  CHECK_FALSE(folder::is_status_file(R"({"status")"));
}

TEST_CASE("A status file says what, about which delivery, why and when") {
  const auto report = folder::read_status_file(
      R"({"status": "registered", "delivery": "abcdef01-000000000041-2-r77", "time": "2024-03-12T08:00:00+07:00"})",
      test::kJournal, UnixMicros(0));
  REQUIRE(report);
  CHECK(report->status == wire::DeliveryStatus::registered);
  CHECK(report->delivery == wire::DeliveryKey{Position(41), 2, Position(77)});
  CHECK(report->time == test::kNow);
  CHECK(report->reason.empty());
}

TEST_CASE("A status file that is wrong is refused with its place") {
  const auto with = [](const std::string& members) { return "{" + members + "}"; };
  const std::string delivery = R"("delivery": "abcdef01-000000000041-0")";
  CHECK(code_of("{") == ErrorCode::report_invalid);
  CHECK(code_of(with(delivery)) == ErrorCode::report_invalid);
  for (const char* status : {"pending", "stopped", "replayed", "failed", "recall-requested", "done"})
    CHECK(code_of(with(R"("status": ")" + std::string(status) + "\", " + delivery)) == ErrorCode::report_invalid);
  CHECK(code_of(with(R"("status": "finished", "delivery": "abcdef01-41-0")")) == ErrorCode::report_invalid);
  CHECK(code_of(with(R"("status": "finished", "delivery": "00000000-000000000041-0")")) == ErrorCode::delivery_unknown);
  CHECK(code_of(with(R"("status": "finished", "more": 1, )" + delivery)) == ErrorCode::report_invalid);
  CHECK(code_of(with(R"("status": "finished", "time": "hôm nay", )" + delivery)) == ErrorCode::report_invalid);
  CHECK(code_of(with(R"("status": "refused", "reason": "một\nhai", )" + delivery)) == ErrorCode::report_invalid);
  CHECK(code_of(with(R"("status": "refused", "reason": "tài liệu TUYỆT MẬT", )" + delivery)) ==
        ErrorCode::secrecy_mark);
}

TEST_CASE("A reported status file goes to sent with the answer in status") {
  ReportsBench b;
  b.drop("a.json", kGood);
  REQUIRE(b.given.size() == 1);
  CHECK(b.reports->holds("a.json"));
  b.reports->answer(b.given[0].ticket, Position(90), std::nullopt);
  b.settle();
  CHECK(b.list("outbox").empty());
  CHECK(b.list("sent") == Names{"a.json"});
  CHECK(b.read("status/a.reported.json").find(R"("record": 90)") != std::string::npos);
  CHECK_FALSE(b.reports->holds("a.json"));
  b.start();
  CHECK(b.given.empty());
}

TEST_CASE("A status that the hub refuses goes to refused with the reason in both languages") {
  ReportsBench b;
  b.drop("a.json", kGood);
  b.reports->answer(b.given[0].ticket, Position(90),
                    Error{ErrorCode::report_without_effect, {{"status", "refused"}, {"actual", "finished"}}});
  b.settle();
  CHECK(b.list("refused") == Names{"a.en.txt", "a.json", "a.refusal.json", "a.vi.txt"});
  CHECK(b.read("refused/a.vi.txt").find("finished") != std::string::npos);
  CHECK(b.list("outbox").empty());
}

TEST_CASE("A status file that is no good goes to refused without asking the hub") {
  ReportsBench b;
  b.drop("a.json", R"({"status": "gone", "delivery": "abcdef01-000000000041-0"})");
  CHECK(b.given.empty());
  b.settle();
  CHECK(b.list("refused") == Names{"a.en.txt", "a.json", "a.refusal.json", "a.vi.txt"});
  CHECK(b.store->reports(0)->empty());
}

TEST_CASE("After a crash beside its reason a status file that is no good is refused under the same name") {
  ReportsBench b;
  b.drop("a.json", R"({"status": "gone", "delivery": "abcdef01-000000000041-0"})");
  b.put("refused/a.refusal.json", "viết dở");
  b.start();
  CHECK(b.reports->holds("a.json"));
  b.settle();
  CHECK(b.list("refused") == Names{"a.en.txt", "a.json", "a.refusal.json", "a.vi.txt"});
  CHECK(b.read("refused/a.refusal.json").find("report-invalid") != std::string::npos);
  CHECK(b.list("outbox").empty());
}

TEST_CASE("Status files of one stem that are refused together get names of their own") {
  ReportsBench b;
  b.drop("a.json", kGood);
  b.reports->answer(b.given[0].ticket, Position(90), Error{ErrorCode::report_without_effect, {}});
  b.drop("a", R"({"status": "gone", "delivery": "abcdef01-000000000041-0"})");
  b.settle();
  CHECK(b.list("refused") == Names{"a", "a-2.en.txt", "a-2.json", "a-2.refusal.json", "a-2.vi.txt", "a.en.txt",
                                   "a.refusal.json", "a.vi.txt"});
}

TEST_CASE("A report that was not answered goes again after a restart") {
  ReportsBench b;
  b.drop("a.json", kGood);
  const auto before = b.given;
  b.start();
  REQUIRE(b.given.size() == 1);
  CHECK(b.given[0].ticket == before[0].ticket);
  CHECK(b.given[0].reason == "sai thể thức");
  CHECK(b.reports->holds("a.json"));
}

TEST_CASE("An answer that was stored is filed after a restart without asking again") {
  ReportsBench b;
  b.drop("a.json", kGood);
  sdk::ReportRow row;
  row.report.ticket = b.given[0].ticket;
  wire::write(row.answer, wire::Answer{1, std::nullopt, Position(90)});
  row.final_name = "a-7";
  REQUIRE(b.store->record_reports({&row, 1}));
  b.start();
  CHECK(b.given.empty());
  b.settle();
  CHECK(b.list("sent") == Names{"a-7.json"});
  b.start();
  CHECK(b.store->reports(0)->empty());
}
