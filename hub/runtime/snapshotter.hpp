// Takes snapshots now and then, in a thread of its own at a low priority, from the files alone: the engine's state is
// not touched, and no document waits for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "hub/base/strong.hpp"
#include "hub/ports/disk.hpp"

namespace hub::runtime {

// A start after a crash replays so much at most, and what came while the last snapshot was being taken.
constexpr std::uint64_t kSnapshotRecords = 1'000'000;
constexpr std::uint64_t kSnapshotBytes = std::uint64_t{1} << 30;

// When the next one is due. One thread.
class SnapshotSchedule {
 public:
  explicit SnapshotSchedule(Position last) : last_(last) {}

  // A group became durable; true when a snapshot at its end is due, and counting begins anew.
  bool durable(Position end, std::uint64_t bytes) {
    bytes_ += bytes;
    if (end.value - last_.value < kSnapshotRecords && bytes_ < kSnapshotBytes) return false;
    last_ = end;
    bytes_ = 0;
    return true;
  }

 private:
  Position last_;
  std::uint64_t bytes_ = 0;
};

class Snapshotter {
 public:
  // `base`: of the snapshot that this start went on from; 0: none.
  Snapshotter(ports::Disk& disk, Position base);
  ~Snapshotter() { stop(); }

  // A group became durable. From the engine's thread.
  void durable(Position end, std::uint64_t bytes);
  // Ends the one that is being taken, without a result.
  void stop();

 private:
  void run();

  ports::Disk& disk_;
  SnapshotSchedule schedule_;  // the engine's

  std::mutex mutex_;
  std::condition_variable wake_;
  Position wanted_;  // a snapshot up to here
  Position base_;    // of the last one; the thread's
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace hub::runtime
