// Time: stored as UTC in microseconds, written in machine formats as RFC 3339, shown to people in Asia/Ho_Chi_Minh.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hub/base/strong.hpp"

namespace hub {

using UnixMicros = Strong<struct UnixMicrosTag, std::int64_t>;
using LocalDate = Strong<struct LocalDateTag, std::int32_t>;  // days since 1970-01-01, in Asia/Ho_Chi_Minh

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
// Asia/Ho_Chi_Minh has been UTC+7 without daylight saving since 1975 (IANA tz database).
constexpr std::int64_t kVietnamOffsetMicros = 7 * 3'600 * kMicrosPerSecond;

// "2024-03-12T01:00:00.123456Z": always six decimals, always UTC.
std::string format_rfc3339(UnixMicros time);
// RFC 3339 section 5.6 with "Z" or a numeric offset, up to six decimals; real dates only; no leap second.
std::optional<UnixMicros> parse_rfc3339(std::string_view text);

// "2024-03-12": RFC 3339 full-date; real dates only.
std::optional<LocalDate> parse_date(std::string_view text);
std::string format_date(LocalDate date);
// "12/03/2024", as Vietnamese readers write it.
std::string format_date_vietnamese(LocalDate date);

LocalDate local_date(UnixMicros time);
UnixMicros start_of(LocalDate date);
// "2024-03-12 08:00:00", Vietnamese time.
std::string format_local(UnixMicros time);
// "08:00:00", Vietnamese time.
std::string format_local_clock(UnixMicros time);

}  // namespace hub
