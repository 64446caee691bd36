// Hashes passwords one after the other on a thread of its own: the memory that they take is that of one, and nobody who
// tries many keeps another request waiting.
//
// Threads: one calls; `done` runs on the worker's own. What waits when it ends is not done.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "hub/base/result.hpp"

namespace hub::access {

constexpr std::size_t kPasswordsWaitingMax = 16;  // about two seconds of work

class PasswordWorker {
 public:
  PasswordWorker();
  ~PasswordWorker();
  PasswordWorker(const PasswordWorker&) = delete;
  PasswordWorker& operator=(const PasswordWorker&) = delete;

  // False when so many wait already: nothing was taken.
  [[nodiscard]] bool hash(std::string password, std::function<void(Result<std::string>)> done);
  // Without a hash it takes as long, and is false: nobody learns by the time whether there is such a user.
  [[nodiscard]] bool check(std::optional<std::string> hash, std::string password, std::function<void(bool)> done);

 private:
  [[nodiscard]] bool post(std::function<void()> work);
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::string nobodys_hash_;  // the worker's alone
  std::thread thread_;
};

}  // namespace hub::access
