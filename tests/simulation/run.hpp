// One run: a safety phase with faults, a liveness phase without, then the checkers.
#pragma once

#include <string>

#include "hub/crypto/digest.hpp"
#include "tests/simulation/options.hpp"

namespace hub::simulation {

struct Outcome {
  std::string problem;  // empty: none
  crypto::Digest hash{};
  std::uint64_t records = 0, delivered = 0, crashes = 0;
  std::uint64_t from_snapshot = 0;  // starts that went on from one
};

Outcome run(const Options& options);

}  // namespace hub::simulation
