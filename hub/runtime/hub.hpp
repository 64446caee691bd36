// The hub as a process: real ports, threads, and the loop that drives the engine.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "hub/journal/journal.hpp"
#include "hub/registry/registry.hpp"
#include "hub/runtime/companion.hpp"

namespace hub::runtime {

struct HubOptions {
  std::string data;           // the folder that `hubctl hub init` made
  std::string configuration;  // the folder of types, parties, agreements …
  std::string listen;         // tcp://127.0.0.1:7400
  std::string ledger;         // the file that hub-ledger keeps
  journal::Options journal;
  std::string version;
  StartCompanion companion;   // nothing: none
  std::optional<UnixMicros> as_of;  // the clock starts there and runs on; on demonstration data alone
};

// Runs until SIGTERM or SIGINT. SIGHUP reads the configuration again. `ready` is called with the address once
// connections are accepted. Returns what kept it from starting.
Result<void> run_hub(const HubOptions& options, const std::function<void(const std::string& address)>& ready);

}  // namespace hub::runtime
