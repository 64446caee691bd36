#include "hub/runtime/mailbox.hpp"

namespace hub::runtime {

bool Mailbox::post(Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kWaitingMax) return false;
    waiting_.push_back(std::move(work));
  }
  wakeup_.signal();
  return true;
}

Mailbox::Work Mailbox::take() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    wakeup_.clear();  // under the lock: a post that comes now signals after it
    return {};
  }
  Work work = std::move(waiting_.front());
  waiting_.pop_front();
  return work;
}

}  // namespace hub::runtime
