// Pieces of a page for printing: one file, no script, nothing fetched. Vietnamese first, English small below it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"

namespace hub::reports {

std::string html_escaped(std::string_view text);
// "1.234.567"
std::string vietnamese_number(std::uint64_t value);
// "12/03/2024 08:00:00", Vietnamese time.
std::string vietnamese_time(UnixMicros time);
// "0,084 giây", "12 phút 5 giây", "5 giờ 12 phút", "3 ngày 4 giờ": two units at most.
std::string vietnamese_duration(std::int64_t micros);

// Both languages of a heading or a label.
struct TwoTexts {
  std::string_view vietnamese, english;
};
std::string two_texts(const TwoTexts& texts);

struct HtmlColumn {
  TwoTexts name;
  bool number = false;  // at the right
};
// Cells are HTML already.
std::string html_table(const std::vector<HtmlColumn>& columns, const std::vector<std::vector<std::string>>& rows);
// A whole page on A4, landscape.
std::string html_page(const TwoTexts& title, const std::string& body);

}  // namespace hub::reports
