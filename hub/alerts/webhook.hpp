// Where somebody else's program is told of alerts: POST of one JSON object for each change, in order, until it is taken.
//
// Threads: one.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace hub::alerts {

constexpr std::chrono::seconds kWebhookTime{5};  // for connecting, sending and an answer
constexpr std::size_t kWebhookWaitingMax = 200;  // changes that were not taken yet; the oldest goes first

// "http://127.0.0.1:9093/hub": loopback alone, since what is sent is for operators and there is no TLS; a program there
// passes on what is to go further.
struct WebhookAddress {
  std::string host;
  std::uint16_t port = 0;
  std::string path;
};
std::optional<WebhookAddress> parse_webhook(std::string_view url);

class Webhook {
 public:
  explicit Webhook(WebhookAddress address) : address_(std::move(address)) {}

  void add(std::string json);
  // Sends what waits, until one is not taken (anything but 2xx). Takes at most kWebhookTime for each.
  void send();
  std::size_t waiting() const { return waiting_.size(); }

 private:
  std::optional<std::string> refuse(const std::string& json) const;  // posts it; why it was not taken

  const WebhookAddress address_;
  std::deque<std::string> waiting_;
  bool failing_ = false;
};

}  // namespace hub::alerts
