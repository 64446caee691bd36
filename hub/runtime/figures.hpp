// A copy of what the engine counts and holds at one moment, for threads that show it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/journal/journal.hpp"
#include "hub/runtime/meters.hpp"

namespace hub::runtime {

struct EndpointFigures {
  std::string endpoint;
  bool enabled = false, connected = false;
  std::uint64_t waiting = 0, in_flight = 0;  // deliveries: not yet sent; sent and not acknowledged
  std::optional<UnixMicros> oldest;          // since when the oldest of them could go, to the second
  std::uint64_t receipts_pending = 0;
  bool paused = false;  // its deliveries are held back
  Position last_order;  // to pause or to resume them; 0: none
};

struct Figures {
  Meters meters;
  UnixMicros now;
  std::string origin;
  bool demo = false;
  journal::JournalId journal{};
  Position end, durable_end;
  bool low_on_space = false;
  std::uint64_t connections = 0, sessions = 0;
  std::uint64_t scheduled = 0;             // deliveries whose time has not come
  std::vector<EndpointFigures> endpoints;  // in order of registration
};

}  // namespace hub::runtime
