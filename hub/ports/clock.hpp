// What time it is. The core never asks: the loop reads this once a turn.
#pragma once

#include "hub/base/time.hpp"

namespace hub::ports {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMicros now() = 0;
};

}  // namespace hub::ports
