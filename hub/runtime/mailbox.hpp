// What other threads want of the engine: work that its own thread does between frames.
//
// Threads: post() from any; everything else from the engine's. Bounded, so that nobody can fill the memory: a post that
// finds no room is refused, and its sender says so to whoever asked.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

#include "hub/runtime/wakeup.hpp"

namespace hub::runtime {

class Engine;

class Mailbox {
 public:
  using Work = std::function<void(Engine&)>;
  static constexpr std::size_t kWaitingMax = 1024;

  // False when so many wait already: nothing was taken.
  [[nodiscard]] bool post(Work work);

  // Readable while there may be something to take.
  int descriptor() const { return wakeup_.descriptor(); }
  // The next in order; empty when there is none.
  Work take();

 private:
  Wakeup wakeup_;
  std::mutex mutex_;
  std::deque<Work> waiting_;
};

}  // namespace hub::runtime
