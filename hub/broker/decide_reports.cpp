#include "hub/broker/decide_reports.hpp"

#include <algorithm>

#include "hub/registry/names.hpp"
#include "hub/registry/reason.hpp"

namespace hub::broker {
namespace {

ReportDecision refuse(Error error) { return {std::nullopt, std::move(error), {}}; }

Error without_effect(const DeliveryEntry& entry, DeliveryStatus reported) {
  return {
      ErrorCode::report_without_effect,
      {{"status", std::string(wire::name_of(reported))}, {"actual", std::string(wire::name_of(entry.state.status))}}};
}

// The delivery, when it goes to the party that reports.
const DeliveryEntry* find_own(const State& state, EndpointIndex from, const wire::DeliveryKey& key) {
  const registry::Registry& registry = state.configuration.registry;
  const DeliveryEntry* entry = state.book.find(key.origin(), key.outcome_index);
  const bool is_own = entry != nullptr && entry->document == key.document &&
                      registry.endpoint_at(entry->recipient).party == registry.endpoint_at(from).party;
  return is_own ? entry : nullptr;
}

Record record_of(const DeliveryEntry& entry, EndpointIndex from, const wire::Report& report, bool is_dead,
                 UnixMicros now, std::uint64_t random) {
  DeliveryFailed out;
  out.endpoint = from;
  out.delivery = report.delivery;
  out.cause = report.cause;
  out.detail = report.reason;
  out.attempt = entry.attempts + 1u;
  if (!is_dead) out.retry_at = UnixMicros(now.value + retry_pause_micros(out.attempt, random));
  return out;
}

}  // namespace

std::int64_t retry_pause_micros(std::uint32_t attempts, std::uint64_t random) {
  std::int64_t pause = kRetryFirstMicros;
  for (std::uint32_t i = 1; i < attempts && pause < kRetryMaxMicros; ++i) pause *= 2;
  pause = std::min(pause, kRetryMaxMicros);
  return pause / 2 + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(pause / 2 + 1));
}

ReportDecision decide_report(const State& state, const Bytes<16>& journal_id, EndpointIndex from,
                             const wire::Report& report, UnixMicros now, std::uint64_t random) {
  if (auto refusal = registry::refuse_reason(report.reason)) return refuse(std::move(*refusal));
  const bool is_failure = report.status == DeliveryStatus::failed;
  if (is_failure && !registry::is_type_name(report.cause))
    return refuse({ErrorCode::report_invalid,
                   {{"pointer", "/cause"},
                    {"reason_vi", "nguyên nhân phải là một mã lỗi"},
                    {"reason_en", "the cause must be the code of an error"}}});
  const DeliveryEntry* entry = find_own(state, from, report.delivery);
  if (entry == nullptr)
    return refuse({ErrorCode::delivery_unknown, {{"delivery", wire::delivery_id(journal_id, report.delivery)}}});
  const bool is_last = report.permanent || entry->attempts + 1u >= kAttemptsMax ||
                       state.storage_keys.is_destroyed(entry->body_key);  // what is erased can't be sent again
  const Step step = is_failure ? fail_delivery(entry->state, is_last) : broker::report(entry->state, report.status);
  if (step.kind == Step::Kind::repetition) return {std::nullopt, std::nullopt, entry->last_record};
  const bool changes = step.kind == Step::Kind::changes;
  if (changes && is_failure)
    return {record_of(*entry, from, report, !step.next.retrying, now, random), std::nullopt, {}};
  if (changes)
    return {DeliveryReported{from, report.delivery, report.status, report.reason, report.time, true}, std::nullopt, {}};
  ReportDecision out = refuse(without_effect(*entry, report.status));
  out.last_record = entry->last_record;
  if (entry->without_effect < kWithoutEffectMax)
    out.record = DeliveryReported{from, report.delivery, report.status, report.reason, report.time, false};
  return out;
}

}  // namespace hub::broker
