// Virtual time: things happen in the order of their times, and of their making where those are equal.
#pragma once

#include <functional>
#include <map>
#include <random>

#include "hub/ports/clock.hpp"
#include "hub/ports/randomness.hpp"

namespace hub::simulation {

class Scheduler final : public ports::Clock {
 public:
  explicit Scheduler(UnixMicros start) : now_(start) {}

  UnixMicros now() override { return now_; }
  ports::SteadyNanos steady() override { return ports::SteadyNanos(now_.value * 1000); }
  void after(std::int64_t micros, std::function<void()> action) {
    queue_.emplace(std::pair(now_.value + micros, ++made_), std::move(action));
  }
  // False when nothing is left to happen.
  bool step() {
    if (queue_.empty()) return false;
    auto node = queue_.extract(queue_.begin());
    now_ = UnixMicros(node.key().first);
    node.mapped()();
    return true;
  }

 private:
  UnixMicros now_;
  std::uint64_t made_ = 0;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::function<void()>> queue_;
};

// All chance comes from the seed.
class Chance final : public ports::Randomness {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hub::simulation
