// Which senders send a type regularly, and which of them have stopped: silence that nobody would see in a list of what came.
//
// Threads: one.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hub/base/time.hpp"

namespace hub::alerts {

constexpr std::size_t kTimesMin = 6;        // fewer make no rhythm
constexpr std::size_t kTimesMax = 64;       // of a flow that are looked at, the newest: an hourly one's over a week
constexpr std::size_t kFlowsMax = 10'000;   // one more is not followed
constexpr std::int64_t kIntervalsLate = 3;  // so many usual intervals late is silent …
constexpr double kLongestLate = 1.5;        // … and so many of the longest one, which weekends and nights make

class Rhythm {
 public:
  // A document of that type by that sender, in order of time; what is not newer than the last one says nothing new.
  // Notices of alerts have no rhythm: the alert that none came would be one, and end itself.
  void add(const std::string& sender, const std::string& type, UnixMicros time);

  struct Silence {
    std::string sender, type;
    UnixMicros last;
  };
  std::vector<Silence> silent(UnixMicros now) const;

 private:
  std::map<std::pair<std::string, std::string>, std::deque<UnixMicros>> flows_;
};

}  // namespace hub::alerts
