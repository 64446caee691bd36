// The users as other threads see them: what the newest durable record about roles left. A role that is taken back ends what
// it permitted before whoever took it back has an answer.
#pragma once

#include <memory>
#include <mutex>

#include "hub/broker/users.hpp"

namespace hub::runtime {

class PublishedUsers {
 public:
  using Snapshot = std::shared_ptr<const broker::Users>;
  explicit PublishedUsers(broker::Users users) : users_(std::make_shared<const broker::Users>(std::move(users))) {}

  Snapshot now() const {
    const std::lock_guard lock(mutex_);
    return users_;
  }
  void publish(broker::Users users) {
    auto next = std::make_shared<const broker::Users>(std::move(users));
    const std::lock_guard lock(mutex_);
    users_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  Snapshot users_;
};

}  // namespace hub::runtime
