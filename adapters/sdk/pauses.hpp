// How long the hub is left alone before something is tried again: twice as long each time, from the least to the most.
#pragma once

#include <chrono>

namespace hub::sdk {

constexpr std::chrono::milliseconds kPauseMin{100}, kPauseMax{30'000};
// What a person has to put right is not tried again at once.
constexpr std::chrono::milliseconds kPauseAfterRefusal{2'000};

}  // namespace hub::sdk
