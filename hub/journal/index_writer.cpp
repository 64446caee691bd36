#include "hub/journal/index_writer.hpp"

namespace hub::journal {

void IndexWriter::want(SegmentIndex index) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(index));
  waiting_count_ = waiting_.size();
}

Result<void> IndexWriter::write() {
  while (has_work()) {
    std::unique_lock lock(mutex_);
    const SegmentIndex index = waiting_.front();
    lock.unlock();
    const auto written = write_index(disk_, index);
    if (!written && written.error().code == ErrorCode::storage_full) return written;
    lock.lock();
    waiting_.pop_front();
    waiting_count_ = waiting_.size();
    if (!written) return written;
  }
  return {};
}

}  // namespace hub::journal
