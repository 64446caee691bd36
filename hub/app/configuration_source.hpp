// The configuration that a command looks at: a folder's files, or what a hub has in force by its journal.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "hub/agreements/configuration.hpp"

namespace hub::app {

struct ConfigurationSource {
  std::string folder;  // of files
  std::string data;    // a hub's data folder; when it is given, its journal counts
};

// --configuration and --data.
void add_configuration_source(CLI::App& command, ConfigurationSource& source);

// What load_configuration and build_configuration refuse; journal_missing, journal_damaged.
Result<agreements::Configuration> read_configuration(const ConfigurationSource& source);

}  // namespace hub::app
