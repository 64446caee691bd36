#include "hub/base/time.hpp"

#include <chrono>
#include <cstdio>

namespace hub {
namespace {

std::optional<std::int64_t> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::optional<std::int64_t> days_from_date(std::string_view text) {
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// The offset at the end of an RFC 3339 time, in microseconds.
std::optional<std::int64_t> parse_offset(std::string_view text) {
  if (text == "Z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return (text[0] == '+' ? 1 : -1) * (*hours * 3600 + *minutes * 60) * kMicrosPerSecond;
}

struct Parts {
  int year;
  unsigned month, day;
  std::int64_t hour, minute, second, micros;
};

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

Parts split(std::int64_t micros) {
  const std::int64_t days = floor_div(micros, kMicrosPerDay);
  const std::int64_t rest = micros - days * kMicrosPerDay;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  const std::int64_t seconds = rest / kMicrosPerSecond;
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          seconds / 3600,                seconds / 60 % 60,                    seconds % 60,
          rest % kMicrosPerSecond};
}

template <class... Args>
std::string print(const char* format, Args... args) {
  char out[64];
  std::snprintf(out, sizeof out, format, args...);
  return out;
}

}  // namespace

std::string format_rfc3339(UnixMicros time) {
  const Parts p = split(time.value);
  return print("%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", p.year, p.month, p.day, static_cast<int>(p.hour),
               static_cast<int>(p.minute), static_cast<int>(p.second), static_cast<int>(p.micros));
}

std::optional<UnixMicros> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto days = days_from_date(text.substr(0, 10));
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!days || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  std::size_t at = 19;
  std::int64_t micros = 0;
  if (text[at] == '.') {
    std::int64_t unit = 100'000;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      micros += (text[at] - '0') * unit;
    if (at == first || at - first > 6) return std::nullopt;
  }
  const auto offset = parse_offset(text.substr(at));
  if (!offset) return std::nullopt;
  const std::int64_t seconds = *days * 86'400 + *hour * 3600 + *minute * 60 + *second;
  return UnixMicros(seconds * kMicrosPerSecond + micros - *offset);
}

std::optional<LocalDate> parse_date(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto days = days_from_date(text);
  if (!days) return std::nullopt;
  return LocalDate(static_cast<std::int32_t>(*days));
}

std::string format_date(LocalDate date) {
  const Parts p = split(date.value * kMicrosPerDay);
  return print("%04d-%02u-%02u", p.year, p.month, p.day);
}

std::string format_date_vietnamese(LocalDate date) {
  const Parts p = split(date.value * kMicrosPerDay);
  return print("%02u/%02u/%04d", p.day, p.month, p.year);
}

LocalDate local_date(UnixMicros time) {
  return LocalDate(static_cast<std::int32_t>(floor_div(time.value + kVietnamOffsetMicros, kMicrosPerDay)));
}

UnixMicros start_of(LocalDate date) { return UnixMicros(date.value * kMicrosPerDay - kVietnamOffsetMicros); }

std::string format_local(UnixMicros time) {
  return format_date(local_date(time)) + " " + format_local_clock(time);
}

std::string format_local_clock(UnixMicros time) {
  const Parts p = split(time.value + kVietnamOffsetMicros);
  return print("%02d:%02d:%02d", static_cast<int>(p.hour), static_cast<int>(p.minute), static_cast<int>(p.second));
}

}  // namespace hub
