// The report about deliveries for printing.
#include "hub/base/error_catalogue.hpp"
#include "hub/ledger/report_texts.hpp"
#include "hub/reports/delivery_report.hpp"
#include "hub/reports/html.hpp"
#include "hub/reports/report_lines.hpp"

namespace hub::reports {
namespace {

constexpr TwoTexts kTitle{"Báo cáo giao nhận văn bản", "Report of deliveries"};
constexpr TwoTexts kAgreement{"Quy chế", "Agreement"}, kClause{"Điều khoản", "Clause"}, kSender{"Nơi gửi", "Sender"},
    kRecipient{"Nơi nhận", "Recipient"}, kSent{"Đã gửi", "Sent"}, kAccepted{"Chấp nhận", "Accepted"},
    kRefused{"Từ chối", "Refused"}, kDelivered{"Đã đến", "Delivered"}, kAnswered{"Đã trả lời", "Answered"},
    kReplays{"Giao lại", "Replays"}, kReadings{"Lượt đọc nội dung", "Bodies read"},
    kToDeliver{"Thời gian giao, p50 / p95", "Time to deliver"}, kToAnswer{"Thời gian trả lời, p50 / p95", "Time to answer"},
    kPosition{"Bản ghi", "Record"}, kTime{"Thời điểm", "Time"}, kDocument{"Văn bản", "Document"},
    kOutcome{"Kết quả", "Outcome"}, kReason{"Lý do", "Reason"}, kReader{"Người đọc", "Reader"};

// Of the states that a delivery has (ledger::delivery_states()).
std::string state_name(const std::string& state) {
  static const std::map<std::string, std::string> names = {
      {"pending", "Chờ giao"},          {"delivered", "Đã đến"},      {"refused", "Nơi nhận từ chối"},
      {"registered", "Đã vào sổ"},      {"assigned", "Đã phân công"}, {"processing", "Đang xử lý"},
      {"finished", "Đã xử lý xong"},    {"recalled", "Đã thu hồi"},   {"recall-requested", "Đề nghị thu hồi"},
      {"recall-refused", "Không đồng ý thu hồi"}, {"failed", "Không giao được"}, {"stopped", "Đã dừng giao"},
      {"replayed", "Giao lại"}};
  const auto found = names.find(state);
  return found == names.end() ? html_escaped(state) : found->second;
}

// The reason of a refusal as the catalogue names it, and its code.
std::string code_name(const std::string& code) {
  const auto known = error_code(code);
  if (!known) return html_escaped(code);
  return html_escaped(catalogue_entry(*known).vietnamese.title) + " <small>" + html_escaped(code) + "</small>";
}

class ReportPage {
 public:
  ReportPage(const DeliveryReport& report, const ReportNames& names)
      : report_(report), names_(names), lines_(lines_of(report.sendings.rows)), total_(total_of(report.sendings.rows)) {}

  std::string text() const {
    std::string body = facts();
    if (report_.sendings.next) body += cut();
    body += heading({"Số liệu theo quy chế, điều khoản, nơi gửi và nơi nhận", "Figures by agreement, clause, sender and recipient"});
    body += lines();
    if (!total_.refused.empty()) body += heading({"Từ chối theo lý do", "Refused, by reason"}) + refusals();
    body += heading({"Ai đã đọc nội dung", "Who read bodies"}) + readings();
    body += heading({"Nhật ký giao", "Delivery log"}) + sendings() + definitions();
    return html_page(kTitle, body);
  }

 private:
  static std::string heading(const TwoTexts& text) { return "<h2>" + two_texts(text) + "</h2>\n"; }
  static std::string named(const std::map<std::string, std::string>& labels, const std::string& id) {
    if (id.empty()) return "–";
    const auto found = labels.find(id);
    if (found == labels.end() || found->second.empty()) return html_escaped(id);
    return html_escaped(found->second) + " <small>" + html_escaped(id) + "</small>";
  }
  static std::string or_dash(const std::string& text) { return text.empty() ? "–" : html_escaped(text); }
  static std::string fact(const TwoTexts& name, const std::string& html) {
    return "<dt>" + two_texts(name) + "</dt><dd>" + html + "</dd>\n";
  }

  std::string facts() const {
    const ledger::SendingFilter& f = report_.filter;
    std::string out = "<dl>\n";
    out += fact({"Từ", "From"}, f.from ? vietnamese_time(*f.from) : "–");
    out += fact({"Đến trước", "Until before"}, f.until ? vietnamese_time(*f.until) : "–");
    for (const auto& [name, value] : ledger::texts_of(f))
      if (name != "from" && name != "until" && name != "limit") out += fact({"Lọc theo", "Filter"}, html_escaped(name + " = " + value));
    std::string as_of = "trước bản ghi " + vietnamese_number(report_.sendings.position.value);
    if (report_.sendings.time) as_of += ", " + vietnamese_time(*report_.sendings.time);
    out += fact({"Tình trạng đến", "As of"}, as_of);
    out += fact(kSent, vietnamese_number(total_.sent) + " (" + vietnamese_number(total_.accepted) + " chấp nhận, " +
                           vietnamese_number(total_.refused_in_all()) + " từ chối)");
    return out + "</dl>\n";
  }

  std::string cut() const {
    const std::string next = std::to_string(report_.sendings.next->value);
    return "<p class=\"cut\">Báo cáo chỉ có phần mới nhất của khoảng thời gian này. Phần cũ hơn: lập báo cáo với --before " +
           next + ". <small lang=\"en\">This report was cut: it has the newest part of the period. The rest: --before " + next +
           ".</small></p>\n";
  }

  static std::string times(const std::optional<Durations>& durations) {
    if (!durations) return "–";
    return vietnamese_duration(durations->p50.micros) + " /<br>" + vietnamese_duration(durations->p95.micros);
  }

  std::vector<std::string> figures(const ReportLine& line) const {
    return {vietnamese_number(line.sent),      vietnamese_number(line.accepted), vietnamese_number(line.refused_in_all()),
            vietnamese_number(line.delivered), times(line.to_deliver),           vietnamese_number(line.answered),
            times(line.to_answer),             vietnamese_number(line.replays),  vietnamese_number(line.readings.size())};
  }

  std::string lines() const {
    std::vector<std::vector<std::string>> rows;
    for (const ReportLine& line : lines_) {
      std::vector<std::string> row = {named(names_.agreements, line.agreement), or_dash(line.clause),
                                      named(names_.parties, line.sender), named(names_.parties, line.recipient)};
      for (std::string& one : figures(line)) row.push_back(std::move(one));
      rows.push_back(std::move(row));
    }
    std::vector<std::string> all = {"<b>Tổng cộng</b> <small lang=\"en\">Total</small>", "", "", ""};
    for (std::string& one : figures(total_)) all.push_back(std::move(one));
    rows.push_back(std::move(all));
    return html_table({{kAgreement}, {kClause}, {kSender}, {kRecipient}, {kSent, true}, {kAccepted, true}, {kRefused, true},
                       {kDelivered, true}, {kToDeliver, true}, {kAnswered, true}, {kToAnswer, true}, {kReplays, true},
                       {kReadings, true}}, rows);
  }

  std::string refusals() const {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [code, count] : total_.refused) rows.push_back({code_name(code), vietnamese_number(count)});
    return html_table({{kReason}, {kRefused, true}}, rows);
  }

  std::string readings() const {
    if (report_.sendings.readings.empty())
      return "<p>Không ai đọc nội dung của các văn bản này. <small lang=\"en\">Nobody read the body of these documents.</small></p>\n";
    std::vector<std::vector<std::string>> rows;
    for (const ledger::BodyReading& one : report_.sendings.readings)
      rows.push_back({vietnamese_number(one.position.value), vietnamese_time(one.time), vietnamese_number(one.document.value),
                      html_escaped(one.reader), html_escaped(one.reason)});
    return html_table({{kPosition, true}, {kTime}, {kDocument, true}, {kReader}, {kReason}}, rows);
  }

  static std::string step(const std::optional<ledger::DeliveryStep>& one) {
    if (!one) return "–";
    return vietnamese_time(one->time) + " <small>bản ghi " + vietnamese_number(one->record.value) + "</small>";
  }

  std::string sendings() const {
    std::vector<std::vector<std::string>> rows;
    for (const ledger::Sending& s : report_.sendings.rows) {
      const std::string id = (s.number.empty() ? "" : html_escaped(s.number) + " ") + ("<small>" + html_escaped(s.document_id) + "</small>");
      const std::string outcome = s.accepted() ? state_name(s.state.value_or("accepted")) : code_name(s.outcome);
      rows.push_back({vietnamese_number(s.position.value), vietnamese_time(s.time), named(names_.types, s.type) + " " + id,
                      named(names_.parties, s.sender), named(names_.parties, s.recipient),
                      or_dash(s.agreement) + (s.clause.empty() ? "" : " § " + html_escaped(s.clause)), outcome,
                      step(s.delivered), step(s.answered)});
    }
    return html_table({{kPosition, true}, {kTime}, {kDocument}, {kSender}, {kRecipient}, {kClause}, {kOutcome},
                       {kDelivered}, {kAnswered}}, rows);
  }

  static std::string definitions() {
    return heading({"Cách tính", "Definitions"}) +
           "<p>Một lượt gửi là một văn bản gửi một nơi nhận. Thời gian giao: từ khi trung tâm chấp nhận đến khi văn bản đến "
           "nơi nhận. Thời gian trả lời: từ khi đến đến khi nơi nhận xử lý xong hoặc từ chối. p50, p95: thời gian nhỏ nhất mà "
           "ít nhất 50 %, 95 % số lượt không vượt quá. Số bản ghi là vị trí trong nhật ký của trung tâm. "
           "<small lang=\"en\">A sending is a document to one recipient. Time to deliver: from the hub's acceptance until it "
           "was at its recipient's. Time to answer: from then until the recipient had finished or refused it. p50, p95: the "
           "smallest time that at least 50 %, 95 % of them don't exceed. A record's number is its position in the hub's "
           "journal.</small></p>\n";
  }

  const DeliveryReport& report_;
  const ReportNames& names_;
  const std::vector<ReportLine> lines_;
  const ReportLine total_;
};

}  // namespace

std::string report_html(const DeliveryReport& report, const ReportNames& names) { return ReportPage(report, names).text(); }

}  // namespace hub::reports
