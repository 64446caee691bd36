#include "hub/reports/html.hpp"

#include <cstdio>

namespace hub::reports {
namespace {

// The policy holds where the page is opened as a file, too.
constexpr std::string_view kHead =
    "<!doctype html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n";

constexpr std::string_view kStyle = R"css(<style>
@page { size: A4 landscape; margin: 12mm; }
body { font: 9.5pt/1.35 "Liberation Sans", "Noto Sans", Arial, sans-serif; color: #111; margin: 0 auto; max-width: 273mm; overflow-wrap: break-word; }
h1 { font-size: 15pt; margin: 0 0 2mm; }
h2 { font-size: 11.5pt; margin: 6mm 0 2mm; break-after: avoid; }
small { display: block; color: #555; font-size: 8pt; font-weight: 400; }
p { margin: 1mm 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 1mm 5mm; margin: 0; }
dt { color: #555; }
dt small, h1 small, h2 small { display: inline; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: .2mm solid #999; padding: 1mm 1.5mm; text-align: left; vertical-align: top; }
thead th { background: #eee; font-weight: 600; }
.number { text-align: right; }
td.number { white-space: nowrap; }
.cut { border: .5mm solid #a8201a; padding: 2mm 3mm; margin: 3mm 0; }
</style>
)css";

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

std::string vietnamese_number(std::uint64_t value) {
  std::string out = std::to_string(value);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ".");
  return out;
}

std::string vietnamese_time(UnixMicros time) {
  return format_date_vietnamese(local_date(time)) + " " + format_local_clock(time);
}

std::string vietnamese_duration(std::int64_t micros) {
  const auto text = [](std::int64_t value) { return vietnamese_number(static_cast<std::uint64_t>(value)); };
  const auto two_units = [&](std::int64_t large, const char* large_name, std::int64_t small, const char* small_name) {
    return text(large) + " " + large_name + (small == 0 ? "" : " " + text(small) + " " + small_name);
  };
  const std::int64_t seconds = micros / kMicrosPerSecond, minutes = seconds / 60, hours = minutes / 60;
  if (seconds < 60) {
    char decimals[8];
    std::snprintf(decimals, sizeof decimals, "%03d", static_cast<int>(micros % kMicrosPerSecond / 1'000));
    return text(seconds) + "," + decimals + " giây";
  }
  if (minutes < 60) return two_units(minutes, "phút", seconds % 60, "giây");
  if (hours < 48) return two_units(hours, "giờ", minutes % 60, "phút");
  return two_units(hours / 24, "ngày", hours % 24, "giờ");
}

std::string two_texts(const TwoTexts& texts) {
  return std::string(texts.vietnamese) + " <small lang=\"en\">" + std::string(texts.english) + "</small>";
}

std::string html_table(const std::vector<HtmlColumn>& columns, const std::vector<std::vector<std::string>>& rows) {
  const auto mark = [&](std::size_t i) { return columns[i].number ? " class=\"number\"" : ""; };
  std::string out = "<table>\n<thead><tr>";
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += std::string("<th scope=\"col\"") + mark(i) + ">" + two_texts(columns[i].name) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < columns.size(); ++i) out += std::string("<td") + mark(i) + ">" + row[i] + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n";
}

std::string html_page(const TwoTexts& title, const std::string& body) {
  std::string out(kHead);
  out += "<title>" + std::string(title.vietnamese) + "</title>\n";
  out += kStyle;
  return out + "</head>\n<body>\n<h1>" + two_texts(title) + "</h1>\n" + body + "</body>\n</html>\n";
}

}  // namespace hub::reports
