#include "hub/alerts/board.hpp"

#include <algorithm>

namespace hub::alerts {
namespace {

bool has_passed(UnixMicros from, UnixMicros to, std::chrono::seconds time) {
  return to.value - from.value >= time.count() * kMicrosPerSecond;
}

}  // namespace

std::chrono::seconds Board::holds_for(AlertKind kind) const {
  if (kind == AlertKind::hub_silent) return times_.hub_silent;
  if (kind == AlertKind::endpoint_silent) return times_.endpoint_silent;
  if (kind == AlertKind::ledger_behind) return times_.ledger_behind;
  return std::chrono::seconds(0);
}

std::vector<Change> Board::look(const std::vector<Condition>& now, UnixMicros time) {
  std::vector<Change> out;
  for (const Condition& condition : now) {
    Entry& entry = entries_.try_emplace({condition.kind, condition.subject}, Entry{{}, time, {}, {}}).first->second;
    entry.condition = condition;
    entry.last_seen = time;
    if (entry.told || told_ >= kActiveMax || !has_passed(entry.first_seen, time, holds_for(condition.kind))) continue;
    entry.told = time;
    ++told_;
    out.push_back({time, true, {condition, time}});
  }
  for (auto it = entries_.begin(); it != entries_.end();) {
    const Entry& entry = it->second;
    const bool is_over = entry.last_seen < time && (!entry.told || has_passed(entry.last_seen, time, times_.gone));
    if (is_over && entry.told) {
      --told_;
      out.push_back({time, false, {entry.condition, *entry.told}});
    }
    it = is_over ? entries_.erase(it) : std::next(it);
  }
  for (const Change& change : out) changes_.push_front(change);
  if (changes_.size() > kChangesMax) changes_.resize(kChangesMax);
  return out;
}

std::vector<Alert> Board::active() const {
  std::vector<Alert> out;
  for (const auto& [key, entry] : entries_)
    if (entry.told) out.push_back({entry.condition, *entry.told});
  std::stable_sort(out.begin(), out.end(), [](const Alert& a, const Alert& b) { return a.since > b.since; });
  return out;
}

}  // namespace hub::alerts
