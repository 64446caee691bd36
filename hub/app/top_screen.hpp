// What `hubctl top` shows: a hub as it is now, in lines of at most 80 columns.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace hub::app {

// What the hub has counted since it started.
struct HubCounters {
  double accepted = 0, refused = 0, delivered = 0;
};

// From the text of /metrics; what is not there is 0.
HubCounters read_counters(const std::string& metrics);

// `status`: as /api/v1/status answers. `before`: what was counted `seconds` ago; without it, what was counted since the
// start is told instead of rates. Endpoints with trouble come first.
std::vector<std::string> top_lines(const nlohmann::ordered_json& status, const HubCounters& now,
                                   const std::optional<HubCounters>& before, double seconds);

}  // namespace hub::app
