// Hands changes over to somebody who is told of them, in order, until each is taken.
//
// Threads: one.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "hub/alerts/alert.hpp"

namespace hub::alerts {

constexpr std::size_t kWaitingMax = 200;  // changes that were not taken yet; the oldest goes first

class Handover {
 public:
  // Hands one over; may block. Why it was not taken; nothing when it was.
  using Hand = std::function<std::optional<std::string>(const Change& change)>;
  // `to`: as diagnostics name it, "the webhook".
  Handover(std::string to, Hand hand) : to_(std::move(to)), hand_(std::move(hand)) {}

  void add(Change change);  // may hand over what waits, where there is no room for it
  // Hands over what waits, until one is not taken.
  void send();
  std::size_t waiting() const { return waiting_.size(); }

 private:
  std::string to_;
  Hand hand_;
  std::deque<Change> waiting_;
  bool failing_ = false;
};

}  // namespace hub::alerts
