// The hub's figures in the text format of Prometheus.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "hub/runtime/figures.hpp"

namespace hub::console {

// What the process and its HTTP server add to the engine's figures.
struct ProcessFigures {
  std::string version;
  UnixMicros started;
  std::uint64_t http_connections = 0, http_refused = 0, http_answered = 0;
};

// Version 0.0.4 of the format: https://prometheus.io/docs/instrumenting/exposition_formats/
std::string exposition(const runtime::Figures& figures, const ProcessFigures& process);

}  // namespace hub::console
