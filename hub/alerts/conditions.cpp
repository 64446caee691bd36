#include "hub/alerts/conditions.hpp"

#include <algorithm>

namespace hub::alerts {
namespace {

// A day, as each language writes it.
std::vector<Fact> with_day(std::vector<Fact> facts, UnixMicros at) {
  facts.push_back({"at_vi", format_date_vietnamese(local_date(at))});
  facts.push_back({"at_en", format_date(local_date(at))});
  return facts;
}

void find_in_figures(const runtime::Figures& figures, UnixMicros now, std::vector<Condition>& out) {
  if (figures.low_on_space) out.push_back({AlertKind::storage_low, "", {}});
  for (const runtime::EndpointFigures& one : figures.endpoints) {
    const Fact endpoint{"endpoint", one.endpoint};
    if (one.paused) out.push_back({AlertKind::endpoint_paused, one.endpoint, {endpoint}});
    const bool is_late = one.oldest && now.value - one.oldest->value > ledger::kLateMicros;
    if (is_late && one.connected && !one.paused)
      out.push_back({AlertKind::deliveries_late, one.endpoint,
                     {endpoint, {"count", std::to_string(one.waiting + one.in_flight)}}});
  }
}

// That it was connected once is in the ledger alone: who never was is not missed.
void find_silent_endpoints(const runtime::Figures& figures, const ledger::Status& status, std::vector<Condition>& out) {
  for (const runtime::EndpointFigures& one : figures.endpoints) {
    const auto known = std::find_if(status.endpoints.begin(), status.endpoints.end(),
                                    [&](const ledger::EndpointStatus& e) { return e.id == one.endpoint; });
    const bool was_connected = known != status.endpoints.end() && known->since;
    if (one.enabled && !one.connected && was_connected)
      out.push_back({AlertKind::endpoint_silent, one.endpoint, {{"endpoint", one.endpoint}}});
  }
}

void find_expiring(AlertKind kind, const char* name, const std::vector<ledger::Expiry>& all, UnixMicros now,
                   std::vector<Condition>& out) {
  for (const ledger::Expiry& one : all)
    if (one.at.value - now.value < kExpiringMicros && now.value - one.at.value < kExpiringMicros)
      out.push_back({kind, one.id, with_day({{name, one.id}}, one.at)});
}

void find_in_ledger(const LedgerSeen& seen, UnixMicros now, std::vector<Condition>& out) {
  if (!seen.readable || seen.status.lag_micros.value_or(0) > kLagMicrosMax) out.push_back({AlertKind::ledger_behind, "", {}});
  find_expiring(AlertKind::key_expiring, "party", seen.expiries.keys, now, out);
  find_expiring(AlertKind::agreement_expiring, "agreement", seen.expiries.agreements, now, out);
  for (const ledger::CauseCount& one : seen.dead_letters)
    out.push_back({AlertKind::dead_letters, one.cause, {{"cause", one.cause}, {"count", std::to_string(one.count)}}});
  for (const Rhythm::Silence& one : seen.silences)
    out.push_back({AlertKind::flow_silent, one.sender + " " + one.type,
                   with_day({{"party", one.sender}, {"type", one.type}}, one.last)});
}

}  // namespace

std::vector<Condition> find_conditions(const runtime::Figures* figures, const std::optional<LedgerSeen>& seen, UnixMicros now) {
  std::vector<Condition> out;
  if (figures == nullptr) {
    out.push_back({AlertKind::hub_silent, "", {}});
  } else {
    find_in_figures(*figures, now, out);
    if (seen) find_silent_endpoints(*figures, seen->status, out);
  }
  if (seen) find_in_ledger(*seen, now, out);
  return out;
}

}  // namespace hub::alerts
