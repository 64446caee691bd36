// What a reconciliation found, for people and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hub/evidence/reconcile.hpp"

namespace hub::app {

struct Reconciliation {
  std::vector<evidence::Discrepancy> found;
  std::size_t documents = 0, deliveries = 0;  // that the endpoints have
  Position ledger_end, journal_end;
  std::size_t gaps() const;
};

// In both languages, 80 columns wide.
std::string reconciliation_text(const Reconciliation& reconciliation);
nlohmann::ordered_json reconciliation_json(const Reconciliation& reconciliation);

}  // namespace hub::app
