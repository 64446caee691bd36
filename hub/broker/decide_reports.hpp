// What follows from a recipient's report on a delivery. Changes nothing; all that it looks at is in its arguments.
#pragma once

#include "hub/broker/state.hpp"
#include "hub/wire/report.hpp"

namespace hub::broker {

constexpr std::int64_t kRetryFirstMicros = 5 * kMicrosPerSecond;  // the pause after the first failure; then it doubles
constexpr std::int64_t kRetryMaxMicros = 15 * 60 * kMicrosPerSecond;
constexpr std::uint32_t kAttemptsMax = 10;  // then it is a dead letter

struct ReportDecision {
  std::optional<Record> record;  // its views are the report's
  std::optional<Error> refusal;  // without one the report was taken, or said what is so already
  Position last_record;          // of the delivery, when nothing is recorded
};

// delivery_unknown, report_invalid, secrecy_mark: nothing is recorded. report_without_effect: recorded, the first
// kWithoutEffectMax times. `random` spreads the next attempt.
ReportDecision decide_report(const State& state, const Bytes<16>& journal_id, EndpointIndex from,
                             const wire::Report& report, UnixMicros now, std::uint64_t random);

// From the half to the whole of the pause that follows so many failures.
std::int64_t retry_pause_micros(std::uint32_t attempts, std::uint64_t random);

}  // namespace hub::broker
