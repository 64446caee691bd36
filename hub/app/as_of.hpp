// --as-of: the time at which a demonstration's clock starts.
#pragma once

#include "hub/app/output.hpp"
#include "hub/base/time.hpp"

namespace hub::app {

// An RFC 3339 time, or a date: 08:00 of that day in Vietnam. usage.
inline Result<UnixMicros> parse_as_of(std::string_view text) {
  if (const auto date = parse_date(text)) return UnixMicros(start_of(*date).value + kMicrosPerDay / 3);
  if (const auto time = parse_rfc3339(text)) return *time;
  return tl::unexpected(usage("--as-of is a date such as 2024-03-12 or a time such as 2024-03-12T08:00:00+07:00"));
}

}  // namespace hub::app
