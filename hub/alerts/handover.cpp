#include "hub/alerts/handover.hpp"

#include <spdlog/spdlog.h>

namespace hub::alerts {

void Handover::add(Change change) {
  if (waiting_.size() >= kWaitingMax && !failing_) send();  // many at a time are no reason to give one up
  if (waiting_.size() >= kWaitingMax) {
    spdlog::error("{} has not taken {} alerts; the oldest is given up", to_, waiting_.size());
    waiting_.pop_front();
  }
  waiting_.push_back(std::move(change));
}

void Handover::send() {
  while (!waiting_.empty()) {
    const auto refusal = hand_(waiting_.front());
    if (refusal && !failing_) spdlog::error("{} takes no alerts, and they wait for it: {}", to_, *refusal);
    if (!refusal && failing_) spdlog::info("{} takes alerts again", to_);
    failing_ = refusal.has_value();
    if (refusal) return;
    waiting_.pop_front();
  }
}

}  // namespace hub::alerts
