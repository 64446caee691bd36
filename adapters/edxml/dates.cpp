#include "adapters/edxml/dates.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace hub::edxml {
namespace {

std::string padded(std::string_view digits) {
  return digits.size() == 1 ? "0" + std::string(digits) : std::string(digits);
}

struct Parts {
  std::string date;  // RFC 3339
  std::string rest;  // what follows
};

std::optional<Parts> split(std::string_view text) {
  static const re2::RE2 year_first(R"(\s*(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[T\s]\s*(.*?))?\s*)");
  static const re2::RE2 day_first(R"(\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T\s]\s*(.*?))?\s*)");
  std::string year, month, day, rest;
  if (!re2::RE2::FullMatch(text, year_first, &year, &month, &day, &rest) &&
      !re2::RE2::FullMatch(text, day_first, &day, &month, &year, &rest))
    return std::nullopt;
  if (year < "1900") return std::nullopt;
  return Parts{year + "-" + padded(month) + "-" + padded(day), rest};
}

}  // namespace

std::optional<LocalDate> parse_edxml_date(std::string_view text) {
  const auto parts = split(text);
  return parts ? parse_date(parts->date) : std::nullopt;
}

std::optional<UnixMicros> parse_edxml_time(std::string_view text) {
  static const re2::RE2 clock(R"((\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?\s*(Z|[+-]\d{2}:\d{2})?)");
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  std::string hour = "00", minute = "00", second, decimals, offset;
  if (!parts->rest.empty() && !re2::RE2::FullMatch(parts->rest, clock, &hour, &minute, &second, &decimals, &offset))
    return std::nullopt;
  return parse_rfc3339(parts->date + "T" + padded(hour) + ":" + minute + ":" + (second.empty() ? "00" : second) +
                       (decimals.empty() ? "" : "." + decimals) + (offset.empty() ? "+07:00" : offset));
}

std::string format_edxml_date(LocalDate date) {
  std::string out = format_date(date);
  std::replace(out.begin(), out.end(), '-', '/');
  return out;
}

std::string format_edxml_time(UnixMicros time) {
  return format_edxml_date(local_date(time)) + " " + format_local_clock(time);
}

}  // namespace hub::edxml
