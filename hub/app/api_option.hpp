// --ca, of every command that asks a running hub.
#pragma once

#include <CLI/CLI.hpp>

#include "hub/app/api_client.hpp"

namespace hub::app {

inline void add_ca_option(CLI::App& command, ApiAddress& api) {
  command.add_option("--ca", api.ca,
                     "With an address https://: the file (PEM) of the authority that issued the hub's certificate, unless "
                     "the system trusts it");
}

}  // namespace hub::app
