#include "hub/console/status.hpp"

#include <nlohmann/json.hpp>

namespace hub::console {

nlohmann::ordered_json status_json(const runtime::Figures& figures, const ProcessFigures& process) {
  nlohmann::ordered_json endpoints = nlohmann::ordered_json::array();
  for (const runtime::EndpointFigures& endpoint : figures.endpoints) {
    endpoints.push_back({{"endpoint", endpoint.endpoint},
                         {"enabled", endpoint.enabled},
                         {"connected", endpoint.connected},
                         {"paused", endpoint.paused},
                         {"last_order", endpoint.last_order.value},
                         {"waiting", endpoint.waiting},
                         {"in_flight", endpoint.in_flight}});
    if (endpoint.oldest) endpoints.back()["oldest"] = format_rfc3339(*endpoint.oldest);
    endpoints.back()["receipts_pending"] = endpoint.receipts_pending;
  }
  return {{"version", process.version},
          {"started", format_rfc3339(process.started)},
          {"time", format_rfc3339(figures.now)},
          {"origin", figures.origin},
          {"demo", figures.demo},
          {"journal",
           {{"id", to_hex(figures.journal)},
            {"end", figures.end.value},
            {"durable_end", figures.durable_end.value},
            {"low_on_space", figures.low_on_space}}},
          {"connections", figures.connections},
          {"sessions", figures.sessions},
          {"scheduled", figures.scheduled},
          {"endpoints", std::move(endpoints)}};
}

}  // namespace hub::console
