#include "hub/alerts/rhythm.hpp"

#include <algorithm>

#include "hub/alerts/notice.hpp"

namespace hub::alerts {
namespace {

constexpr std::int64_t kIntervalMicrosMin = 60 * kMicrosPerSecond;  // what comes in one go is one

// How long after the last one a flow is silent; nothing of one that has no rhythm.
std::int64_t patience(const std::deque<UnixMicros>& times) {
  std::vector<std::int64_t> intervals;
  for (std::size_t i = 1; i < times.size(); ++i) intervals.push_back(times[i].value - times[i - 1].value);
  std::sort(intervals.begin(), intervals.end());
  const std::int64_t usual = intervals[intervals.size() / 2];
  return std::max(kIntervalsLate * usual, static_cast<std::int64_t>(kLongestLate * static_cast<double>(intervals.back())));
}

}  // namespace

void Rhythm::add(const std::string& sender, const std::string& type, UnixMicros time) {
  if (type == kNoticeType) return;
  if (flows_.size() >= kFlowsMax && !flows_.contains({sender, type})) return;
  std::deque<UnixMicros>& times = flows_[{sender, type}];
  if (!times.empty() && time <= times.back()) return;  // a ledger that was built anew tells it again
  if (!times.empty() && time.value - times.back().value < kIntervalMicrosMin) {
    times.back() = time;
    return;
  }
  times.push_back(time);
  if (times.size() > kTimesMax) times.pop_front();
}

std::vector<Rhythm::Silence> Rhythm::silent(UnixMicros now) const {
  std::vector<Silence> out;
  for (const auto& [flow, times] : flows_)
    if (times.size() >= kTimesMin && now.value - times.back().value > patience(times))
      out.push_back({flow.first, flow.second, times.back()});
  return out;
}

}  // namespace hub::alerts
