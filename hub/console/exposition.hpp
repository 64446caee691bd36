// The hub's figures in the text format of Prometheus.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "hub/ledger/answers.hpp"
#include "hub/runtime/figures.hpp"

namespace hub::console {

// What the process and its HTTP server add to the engine's figures.
struct ProcessFigures {
  std::string version;
  UnixMicros started;
  std::uint64_t http_connections = 0, http_refused = 0, http_answered = 0;
  std::optional<std::uint64_t> disk_free_bytes = {};  // where the journal is
  std::optional<std::int64_t> certificate_left_micros = {};  // of TLS; by the machine's clock
};

// How far the ledger follows the journal, and what it knows to end.
struct LedgerFigures {
  Position position;
  std::uint64_t lag_records = 0;
  std::int64_t lag_micros = 0;
  ledger::Expiries expiries = {};
};

// Version 0.0.4 of the format: https://prometheus.io/docs/instrumenting/exposition_formats/
std::string exposition(const runtime::Figures& figures, const ProcessFigures& process,
                       const std::optional<LedgerFigures>& ledger);

}  // namespace hub::console
