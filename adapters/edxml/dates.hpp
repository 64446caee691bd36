// Dates and times as edXML files write them: "2024/03/12", "2024/03/12 08:00:00", both in Asia/Ho_Chi_Minh. What
// systems write instead is read too: dashes, the day first, one digit, a time after a date, "T", decimals, an offset.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hub/base/time.hpp"

namespace hub::edxml {

// Nothing for a day that does not exist, and for years before 1900, which stand for "none".
std::optional<LocalDate> parse_edxml_date(std::string_view text);
std::optional<UnixMicros> parse_edxml_time(std::string_view text);

std::string format_edxml_date(LocalDate date);
std::string format_edxml_time(UnixMicros time);

}  // namespace hub::edxml
