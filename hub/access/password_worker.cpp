#include "hub/access/password_worker.hpp"

#include "hub/access/password.hpp"
#include "hub/access/secret.hpp"

namespace hub::access {

PasswordWorker::PasswordWorker() : thread_([this] { serve(); }) {}

PasswordWorker::~PasswordWorker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool PasswordWorker::hash(std::string password, std::function<void(Result<std::string>)> done) {
  return post([password = std::move(password), done = std::move(done)] { done(hash_password(password)); });
}

bool PasswordWorker::check(std::optional<std::string> hash, std::string password, std::function<void(bool)> done) {
  return post([this, hash = std::move(hash), password = std::move(password), done = std::move(done)] {
    const bool right = is_password(hash.value_or(nobodys_hash_), password);
    done(right && hash.has_value());
  });
}

bool PasswordWorker::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kPasswordsWaitingMax) return false;
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

void PasswordWorker::serve() {
  nobodys_hash_ = hash_password(new_secret()).value_or("");
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (ending_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace hub::access
