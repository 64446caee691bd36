// Unpredictable bytes: nonces, salts, journal ids.
#pragma once

#include <span>

#include "hub/base/bytes.hpp"

namespace hub::ports {

class Randomness {
 public:
  virtual ~Randomness() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace hub::ports
