// The real clock and the real randomness.
#pragma once

#include "hub/ports/clock.hpp"
#include "hub/ports/randomness.hpp"

namespace hub::runtime {

class SystemClock : public ports::Clock {
 public:
  SystemClock() = default;
  // A clock that shows `as_of` now and runs on from there: for demonstrations.
  explicit SystemClock(UnixMicros as_of);
  UnixMicros now() override;
  ports::SteadyNanos steady() override;

 private:
  std::int64_t ahead_ = 0;  // microseconds
};

class SystemRandomness : public ports::Randomness {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace hub::runtime
