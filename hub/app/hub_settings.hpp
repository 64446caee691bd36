// hub.yaml: where a hub's data, configuration and ledger are, and where it listens. Paths are relative to the file.
#pragma once

#include <string>

#include "hub/runtime/hub.hpp"

namespace hub::app {

// io_failed, config_invalid (file, line, column, path, reason).
Result<runtime::HubOptions> read_hub_settings(const std::string& path);

}  // namespace hub::app
