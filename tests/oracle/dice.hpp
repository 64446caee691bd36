// Randomness that a seed repeats on every machine (the standard library's distributions don't).
//
// Threads: one.
#pragma once

#include <cstdint>
#include <iterator>
#include <random>

namespace hub::test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // From 0 to n - 1.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool chance(std::size_t percent) { return below(100) < percent; }

  template <class Range>
  const auto& pick(const Range& range) {
    return *std::next(std::begin(range), static_cast<std::ptrdiff_t>(below(std::size(range))));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace hub::test
