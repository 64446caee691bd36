// The report of overreach for printing.
#include "hub/reports/html.hpp"
#include "hub/reports/overreach_report.hpp"

namespace hub::reports {
namespace {

using PageJson = nlohmann::ordered_json;

std::string cell(const PageJson& row, const char* name) { return html_escaped(row.value(name, "")); }

std::string labelled(const std::map<std::string, std::string>& labels, const std::string& id) {
  const auto found = labels.find(id);
  if (found == labels.end() || found->second.empty()) return html_escaped(id);
  return html_escaped(found->second) + " <small>" + html_escaped(id) + "</small>";
}

std::string time_cell(const PageJson& row, const char* name) {
  const auto time = parse_rfc3339(row.value(name, ""));
  return time ? vietnamese_time(*time) : "–";
}

class OverreachPage {
 public:
  OverreachPage(const PageJson& report, const ReportNames& names) : report_(report), names_(names) {}

  std::string text() const {
    return html_page({"Quyền và truy cập", "Rights and readings"},
                     facts() + section({"Trường đã gửi mà điều khoản không cần", "Fields that were sent and the clause doesn't need"}, unneeded()) +
                         section({"Quyền không được dùng", "Permissions that were not used"}, unused()) +
                         section({"Ai đã đọc nội dung", "Who read bodies"}, acts(report_.at("readings"))) +
                         section({"Giao lại", "Replays"}, acts(report_.at("replays"))));
  }

 private:
  static std::string section(const TwoTexts& name, const std::string& body) {
    return "<h2>" + two_texts(name) + "</h2>\n" + body;
  }
  static std::string fact(const TwoTexts& name, const std::string& html) {
    return "<dt>" + two_texts(name) + "</dt><dd>" + html + "</dd>\n";
  }
  static std::string none() { return "<p>Không có. <small lang=\"en\">None.</small></p>\n"; }
  std::string party(const PageJson& row, const char* name) const { return labelled(names_.parties, row.value(name, "")); }

  std::string facts() const {
    std::string out = "<dl>\n" + fact({"Cơ quan", "Party"}, party(report_, "party"));
    out += fact({"Từ", "From"}, time_cell(report_, "from")) + fact({"Đến trước", "Until before"}, time_cell(report_, "until"));
    out += fact({"Tình trạng đến", "As of"},
                "trước bản ghi " + vietnamese_number(report_.at("position").get<std::uint64_t>()) + ", " + time_cell(report_, "time"));
    out += fact({"Quyền trong thời gian này", "Permissions in the period"},
                vietnamese_number(report_.at("permissions").get<std::uint64_t>()));
    if (report_.contains("counted_from"))
      out += fact({"Chỉ đếm từ sau", "Counted after"}, time_cell(report_, "counted_from"));
    return out + "</dl>\n";
  }

  std::string unneeded() const {
    std::vector<std::vector<std::string>> rows;
    for (const PageJson& one : report_.at("unneeded"))
      rows.push_back({labelled(names_.agreements, one.value("agreement", "")), cell(one, "clause"), party(one, "sender"),
                      party(one, "recipient"), cell(one, "field"),
                      vietnamese_number(one.at("documents").get<std::uint64_t>())});
    if (rows.empty()) return none();
    return html_table({{{"Quy chế", "Agreement"}}, {{"Điều khoản", "Clause"}}, {{"Nơi gửi", "Sender"}}, {{"Nơi nhận", "Recipient"}},
                       {{"Trường", "Field"}}, {{"Số văn bản", "Documents"}, true}}, rows);
  }

  std::string unused() const {
    std::vector<std::vector<std::string>> rows;
    for (const PageJson& one : report_.at("unused"))
      rows.push_back({labelled(names_.agreements, one.value("agreement", "")), cell(one, "clause"), cell(one, "type"),
                      party(one, "sender"), party(one, "recipient")});
    if (rows.empty()) return none();
    return html_table({{{"Quy chế", "Agreement"}}, {{"Điều khoản", "Clause"}}, {{"Loại văn bản", "Type"}}, {{"Nơi gửi", "Sender"}},
                       {{"Nơi nhận", "Recipient"}}}, rows);
  }

  static std::string acts(const PageJson& page) {
    std::vector<std::vector<std::string>> rows;
    for (const PageJson& one : page.at("acts"))
      rows.push_back({vietnamese_number(one.at("position").get<std::uint64_t>()), time_cell(one, "time"),
                      vietnamese_number(one.at("document").at("position").get<std::uint64_t>()), cell(one, "actor"), cell(one, "reason")});
    if (rows.empty()) return none();
    return html_table({{{"Bản ghi", "Record"}, true}, {{"Thời điểm", "Time"}}, {{"Văn bản", "Document"}, true}, {{"Ai", "Who"}},
                       {{"Lý do", "Reason"}}}, rows) +
           (page.contains("next") ? "<p class=\"cut\">Chỉ có phần mới nhất. <small lang=\"en\">The newest part alone.</small></p>\n" : "");
  }

  const PageJson& report_;
  const ReportNames& names_;
};

}  // namespace

std::string overreach_html(const PageJson& report, const ReportNames& names) { return OverreachPage(report, names).text(); }

}  // namespace hub::reports
