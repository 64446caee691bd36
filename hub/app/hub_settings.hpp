// hub.yaml: where a hub's data, configuration and ledger are, and where it listens. Paths are relative to the file.
#pragma once

#include <optional>
#include <string>

#include "hub/console/console.hpp"
#include "hub/log/log.hpp"
#include "hub/runtime/hub.hpp"

namespace hub::app {

struct HubSettings : runtime::HubOptions {
  std::optional<console::Options> console;  // nothing: no HTTP
  hub::log::Settings log;
};

// io_failed, config_invalid (file, line, column, path, reason).
Result<HubSettings> read_hub_settings(const std::string& path);

// Where a hub keeps the token of its HTTP interface unless hub.yaml says otherwise.
std::string token_path(const std::string& data);
// Where it keeps passwords' hashes, sessions and API tokens.
std::string access_path(const std::string& data);

}  // namespace hub::app
