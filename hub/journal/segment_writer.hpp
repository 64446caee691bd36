// Writes groups to the current segment, and makes the next segment beforehand.
//
// The next segment waits, prefilled, as "spare.seg". It gets its header and its first group, is synced, and only then
// its name: a segment with a name is whole up to its first group, whatever moment a crash chooses. A spare that a crash
// left behind counts for nothing.
//
// Threads: write and roll on the commit thread, prepare on one other thread, the rest on any.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "hub/journal/segment_format.hpp"

namespace hub::journal {

class SegmentWriter {
 public:
  // `current` is nothing in a journal that is being created.
  SegmentWriter(ports::Disk& disk, std::uint64_t segment_bytes, std::unique_ptr<ports::File> current)
      : disk_(disk), segment_bytes_(segment_bytes), current_(std::move(current)) {}

  // At the place in the current segment, and synced: how many nanoseconds that took.
  Result<std::int64_t> write(std::uint64_t offset, ByteView group);
  // The next segment, from its header to the group, which is the first in it; it is the current one from then on.
  Result<std::int64_t> roll(const SegmentHeader& header, ByteView group);

  void want_spare(bool wanted) { wanted_ = wanted; }
  bool wants_spare() const { return wanted_ && !has_spare_; }
  // Makes the spare when it is wanted. True when it made one.
  Result<bool> prepare();

  // The last attempt to make a segment failed for want of space, and there is no spare.
  bool out_of_space() const { return out_of_space_; }

 private:
  Result<void> make_spare();  // with the mutex held

  ports::Disk& disk_;
  const std::uint64_t segment_bytes_;
  std::unique_ptr<ports::File> current_;  // the commit thread's
  std::mutex mutex_;                      // over spare_ and its making
  std::unique_ptr<ports::File> spare_;
  std::atomic<bool> wanted_ = false, has_spare_ = false, out_of_space_ = false;
};

}  // namespace hub::journal
