#include "hub/alerts/conditions.hpp"

#include <catch2/catch.hpp>

namespace hub::alerts {
namespace {

constexpr UnixMicros kNow{1'700'000'000'000'000};

runtime::Figures one_endpoint() {
  runtime::Figures figures;
  figures.now = kNow;
  figures.endpoints.push_back({});
  figures.endpoints.back().endpoint = "a/folder";
  figures.endpoints.back().enabled = figures.endpoints.back().connected = true;
  return figures;
}
LedgerSeen seen_endpoint() {
  LedgerSeen seen;
  seen.status.endpoints.push_back({});
  seen.status.endpoints.back().id = "a/folder";
  seen.status.endpoints.back().since = kNow;
  return seen;
}
std::vector<AlertKind> kinds(const runtime::Figures* figures, const std::optional<LedgerSeen>& seen) {
  std::vector<AlertKind> out;
  for (const Condition& one : find_conditions(figures, seen, kNow)) out.push_back(one.kind);
  return out;
}
using Kinds = std::vector<AlertKind>;

}  // namespace

TEST_CASE("a hub in order is worth no alert, with a ledger and without one") {
  const runtime::Figures figures = one_endpoint();
  CHECK(kinds(&figures, std::nullopt).empty());
  CHECK(kinds(&figures, seen_endpoint()).empty());
}

TEST_CASE("a hub that does not answer is an alert") { CHECK(kinds(nullptr, std::nullopt) == Kinds{AlertKind::hub_silent}); }

TEST_CASE("an endpoint that was connected once is missed, one that never was is not") {
  runtime::Figures figures = one_endpoint();
  figures.endpoints[0].connected = false;
  LedgerSeen seen = seen_endpoint();
  CHECK(kinds(&figures, seen) == Kinds{AlertKind::endpoint_silent});
  seen.status.endpoints[0].since.reset();
  CHECK(kinds(&figures, seen).empty());
  seen = seen_endpoint();
  figures.endpoints[0].enabled = false;
  CHECK(kinds(&figures, seen).empty());
}

TEST_CASE("deliveries are late when the oldest waits for over a quarter of an hour, unless somebody holds them back") {
  runtime::Figures figures = one_endpoint();
  figures.endpoints[0].oldest = UnixMicros(kNow.value - ledger::kLateMicros);
  CHECK(kinds(&figures, std::nullopt).empty());
  figures.endpoints[0].oldest = UnixMicros(kNow.value - ledger::kLateMicros - 1);
  CHECK(kinds(&figures, std::nullopt) == Kinds{AlertKind::deliveries_late});
  figures.endpoints[0].paused = true;
  CHECK(kinds(&figures, std::nullopt) == Kinds{AlertKind::endpoint_paused});
}

TEST_CASE("a ledger that can't be read any more is behind, and what it said last is still so") {
  const runtime::Figures figures = one_endpoint();
  LedgerSeen seen = seen_endpoint();
  seen.dead_letters = {{"content-unknown", 3, kNow, kNow}};
  seen.readable = false;
  CHECK(kinds(&figures, seen) == Kinds{AlertKind::ledger_behind, AlertKind::dead_letters});
}

TEST_CASE("what ends or ended within thirty days, failed for good, lags or is nearly full is an alert") {
  runtime::Figures figures = one_endpoint();
  figures.low_on_space = true;
  LedgerSeen seen = seen_endpoint();
  seen.expiries.keys = {{"a", UnixMicros(kNow.value + kExpiringMicros - 1)}, {"b", UnixMicros(kNow.value + kExpiringMicros)}};
  seen.expiries.agreements = {{"x/1", UnixMicros(kNow.value - kExpiringMicros + 1)},
                              {"x/2", UnixMicros(kNow.value - kExpiringMicros)}};
  seen.dead_letters = {{"content-unknown", 3, kNow, kNow}};
  seen.status.lag_micros = kLagMicrosMax + 1;
  seen.silences = {{"a", "t/1", kNow}};
  CHECK(kinds(&figures, seen) == Kinds{AlertKind::storage_low, AlertKind::ledger_behind, AlertKind::key_expiring,
                                       AlertKind::agreement_expiring, AlertKind::dead_letters, AlertKind::flow_silent});
}

}  // namespace hub::alerts
