// What time it is. The core never asks: the loop reads this once a turn.
#pragma once

#include "hub/base/time.hpp"

namespace hub::ports {

using SteadyNanos = Strong<struct SteadyNanosTag, std::int64_t>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMicros now() = 0;
  // Of a clock that never jumps, for durations that are shown and decide nothing.
  virtual SteadyNanos steady() = 0;
};

}  // namespace hub::ports
