// What of the hub's figures and of its ledger is worth an alert. A pure function of what was seen.
//
// Threads: free functions.
#pragma once

#include <optional>
#include <vector>

#include "hub/alerts/alert.hpp"
#include "hub/alerts/rhythm.hpp"
#include "hub/ledger/answers.hpp"
#include "hub/runtime/figures.hpp"

namespace hub::alerts {

constexpr std::int64_t kExpiringMicros = 30 * kMicrosPerDay;      // before an end, and after it: what ended long ago is known
constexpr std::int64_t kLagMicrosMax = 30 * kMicrosPerSecond;  // of the ledger

struct LedgerSeen {
  bool readable = true;  // false: it can't be read now, and this is what it said last
  ledger::Status status;
  ledger::Expiries expiries;
  std::vector<ledger::CauseCount> dead_letters;
  std::vector<Rhythm::Silence> silences;
};

// `figures`: nullptr when the engine does not answer. `seen`: nothing as long as there was no ledger.
std::vector<Condition> find_conditions(const runtime::Figures* figures, const std::optional<LedgerSeen>& seen, UnixMicros now);

}  // namespace hub::alerts
