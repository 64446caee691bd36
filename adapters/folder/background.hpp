// Work that takes long, beside the adapter's thread, so that a large file never keeps the session from its heartbeats:
// reading and writing edXML. Two threads, one for small files and one for large ones; each works in the order in which it
// was asked.
//
// The adapter's thread owns it. Work runs on a thread of its own and touches nothing but what it was given; what it
// returns runs on the adapter's thread, within finish(). When it goes, work that began is waited for and the rest is
// dropped: what is on disk says how to go on.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::folder {

// A larger file waits for the large ones before it.
constexpr std::uint64_t kLargeBytes = 16 << 20;

class Background {
 public:
  enum class Lane : std::uint8_t { small, large };
  using Finish = std::function<Result<void>()>;
  using Work = std::function<Finish()>;

  static Result<std::unique_ptr<Background>> create();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background();

  static Lane lane_of(std::uint64_t bytes) { return bytes > kLargeBytes ? Lane::large : Lane::small; }
  void start(Lane lane, Work work);
  // Runs what finished work has returned, in the order in which it finished. The first error ends it.
  Result<void> finish();
  int descriptor() const { return descriptor_; }  // readable when there is something to finish

 private:
  explicit Background(int descriptor);
  void run(std::size_t lane);

  const int descriptor_;
  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::array<std::deque<Work>, 2> waiting_;
  std::vector<Finish> finished_;
  bool stopped_ = false;
  std::array<std::thread, 2> threads_;
};

}  // namespace hub::folder
