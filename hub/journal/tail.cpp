#include "hub/journal/tail.hpp"

#include <algorithm>

namespace hub::journal {

// The memory is left as it comes: pages that are never used are never touched.
Tail::Tail(std::size_t bytes, std::size_t group_bytes_max, Position next)
    : size_(std::max(bytes, 3 * group_bytes_max)),
      group_bytes_max_(group_bytes_max),
      bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(size_)),
      first_(next) {}

void Tail::begin_group() {
  if (size_ - at_ < group_bytes_max_) {
    // What stands behind is of the round before, and would be older than what follows in place.
    while (!entries_.empty() && entries_.front().offset >= at_) {
      entries_.pop_front();
      first_ = first_.next();
    }
    at_ = 0;
  }
  group_start_ = at_;
}

std::uint8_t* Tail::reserve(std::size_t record_bytes) {
  HUB_CHECK(group_bytes() + record_bytes <= group_bytes_max_);
  while (!entries_.empty() && entries_.front().offset >= at_ && entries_.front().offset < at_ + record_bytes) {
    entries_.pop_front();
    first_ = first_.next();
  }
  return bytes_.get() + at_;
}

void Tail::keep(std::size_t record_bytes, const crypto::Digest& head) {
  entries_.push_back({at_, head});
  at_ += record_bytes;
}

const std::uint8_t* Tail::find(Position position) const {
  const Entry* found = entry(position);
  return found == nullptr ? nullptr : bytes_.get() + found->offset;
}

std::optional<crypto::Digest> Tail::head(Position position) const {
  const Entry* found = entry(position);
  return found == nullptr ? std::nullopt : std::optional(found->head);
}

const Tail::Entry* Tail::entry(Position position) const {
  if (position < first_ || position.value - first_.value >= entries_.size()) return nullptr;
  return &entries_[position.value - first_.value];
}

}  // namespace hub::journal
