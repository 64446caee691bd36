// Comma-separated values: RFC 4180 in UTF-8. A file begins with kCsvMark, by which spreadsheets know the encoding.
//
// A cell that begins with = + - @, a tab or a carriage return gets an apostrophe before it, since a spreadsheet would
// take it for a formula (OWASP, "CSV Injection").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hub::reports {

inline constexpr std::string_view kCsvMark = "\xEF\xBB\xBF";  // the byte order mark

std::string csv_cell(std::string_view text);
std::string csv_row(const std::vector<std::string>& cells);  // with its CR LF

}  // namespace hub::reports
