// Writes the indexes of segments that were sealed, off the path of a commit.
//
// Threads: want on the journal's owner, write on one other, has_work on any.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>

#include "hub/journal/segment_index.hpp"

namespace hub::journal {

class IndexWriter {
 public:
  explicit IndexWriter(ports::Disk& disk) : disk_(disk) {}

  void want(SegmentIndex index);
  bool has_work() const { return waiting_count_ > 0; }
  // storage_full: what is not written stays wanted. Another failure gives that one up; a start makes it again.
  Result<void> write();

 private:
  ports::Disk& disk_;
  std::mutex mutex_;
  std::deque<SegmentIndex> waiting_;
  std::atomic<std::size_t> waiting_count_ = 0;
};

}  // namespace hub::journal
