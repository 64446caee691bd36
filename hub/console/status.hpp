// The hub as it is now, as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hub/console/exposition.hpp"

namespace hub::console {

// {version, started, time, origin, demo, journal: {…}, connections, sessions, scheduled, endpoints: […]}.
nlohmann::ordered_json status_json(const runtime::Figures& figures, const ProcessFigures& process);

}  // namespace hub::console
