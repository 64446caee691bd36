// A calendar month in Asia/Ho_Chi_Minh, as retention counts them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hub/base/time.hpp"

namespace hub {

using Month = Strong<struct MonthTag, std::int32_t>;  // months since January of the year 0

// "2024-03"; years 1970 to 9999.
std::optional<Month> parse_month(std::string_view text);
std::string format_month(Month month);

Month month_of(UnixMicros time);
UnixMicros start_of(Month month);

}  // namespace hub
