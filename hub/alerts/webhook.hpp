// Tells a program of alerts: one JSON object for each change, in order, until it is taken.
//
// Threads: one.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace hub::alerts {

constexpr std::size_t kWebhookWaitingMax = 200;  // changes that were not taken yet; the oldest goes first

class Webhook {
 public:
  // Hands one over; may block. Why it was not taken; nothing when it was.
  using Post = std::function<std::optional<std::string>(const std::string& json)>;
  explicit Webhook(Post post) : post_(std::move(post)) {}

  void add(std::string json);
  // Hands over what waits, until one is not taken.
  void send();
  std::size_t waiting() const { return waiting_.size(); }

 private:
  const Post post_;
  std::deque<std::string> waiting_;
  bool failing_ = false;
};

}  // namespace hub::alerts
