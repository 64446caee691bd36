// --configuration DIR, for commands that read a configuration folder which no hub needs to run on.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace hub::app {

inline CLI::Option* add_configuration_option(CLI::App& command, std::string& folder) {
  folder = "configuration";
  return command.add_option("--configuration", folder, "The configuration folder")
      ->envname("HUB_CONFIGURATION")
      ->capture_default_str();
}

}  // namespace hub::app
