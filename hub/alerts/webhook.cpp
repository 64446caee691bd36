#include "hub/alerts/webhook.hpp"

#include <spdlog/spdlog.h>

namespace hub::alerts {

void Webhook::add(std::string json) {
  if (waiting_.size() >= kWebhookWaitingMax) {
    spdlog::error("the webhook has not taken {} alerts; the oldest is given up", waiting_.size());
    waiting_.pop_front();
  }
  waiting_.push_back(std::move(json));
}

void Webhook::send() {
  while (!waiting_.empty()) {
    const auto refusal = post_(waiting_.front());
    if (refusal && !failing_) spdlog::error("the webhook takes no alerts, and they wait for it: {}", *refusal);
    if (!refusal && failing_) spdlog::info("the webhook takes alerts again");
    failing_ = refusal.has_value();
    if (refusal) return;
    waiting_.pop_front();
  }
}

}  // namespace hub::alerts
