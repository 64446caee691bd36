// Work that takes long, one piece after the other on threads of its own. Bounded: nobody who asks for much fills the
// memory or keeps others waiting for long.
//
// Threads: post() from any. What waits when it ends is not done; what is under way is waited for.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hub::access {

class Worker {
 public:
  explicit Worker(std::size_t waiting_max, std::size_t threads = 1);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False when so many wait already: nothing was taken.
  [[nodiscard]] bool post(std::function<void()> work);

 private:
  void serve();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hub::access
