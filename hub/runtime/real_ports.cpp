#include "hub/runtime/real_ports.hpp"

#include <sodium.h>

#include <chrono>

namespace hub::runtime {

SystemClock::SystemClock(UnixMicros as_of) {
  ahead_ = as_of.value - now().value;  // now() reads it, so it has to be 0 first
}

UnixMicros SystemClock::now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return UnixMicros(std::chrono::duration_cast<std::chrono::microseconds>(since).count() + ahead_);
}

ports::SteadyNanos SystemClock::steady() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return ports::SteadyNanos(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

void SystemRandomness::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace hub::runtime
