#include "hub/base/month.hpp"

#include <chrono>

namespace hub {

std::optional<Month> parse_month(std::string_view text) {
  if (text.size() != 7) return std::nullopt;
  const auto first = parse_date(std::string(text) + "-01");
  if (!first || first->value < 0) return std::nullopt;
  return month_of(start_of(*first));
}

std::string format_month(Month month) { return format_date(local_date(start_of(month))).substr(0, 7); }

Month month_of(UnixMicros time) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(local_date(time).value))};
  return Month(static_cast<int>(date.year()) * 12 + static_cast<std::int32_t>(static_cast<unsigned>(date.month())) - 1);
}

UnixMicros start_of(Month month) {
  const std::chrono::year_month_day first{std::chrono::year(month.value / 12),
                                          std::chrono::month(static_cast<unsigned>(month.value % 12 + 1)),
                                          std::chrono::day(1)};
  return start_of(LocalDate(static_cast<std::int32_t>(std::chrono::sys_days(first).time_since_epoch().count())));
}

}  // namespace hub
