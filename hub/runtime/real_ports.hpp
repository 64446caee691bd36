// The real clock and the real randomness.
#pragma once

#include "hub/ports/clock.hpp"
#include "hub/ports/randomness.hpp"

namespace hub::runtime {

class SystemClock : public ports::Clock {
 public:
  UnixMicros now() override;
};

class SystemRandomness : public ports::Randomness {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace hub::runtime
