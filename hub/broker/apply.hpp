// Makes a record part of the state. Total: a record that cannot be is a programmer's error or a damaged journal, and
// ends the process.
#pragma once

#include <vector>

#include "hub/broker/state.hpp"

namespace hub::broker {

// Which endpoints a run of records gave something to send: deliveries up to dispatched(), receipts up to last().
// What leaves is not decided here; it may leave once these records are durable.
class Touched {
 public:
  void endpoint(EndpointIndex index) {
    if (index.value >= marked_.size()) marked_.resize(index.value + 1, false);
    if (marked_[index.value]) return;
    marked_[index.value] = true;
    list_.push_back(index);
  }
  const std::vector<EndpointIndex>& list() const { return list_; }
  void clear() {
    for (const EndpointIndex index : list_) marked_[index.value] = false;
    list_.clear();
  }

 private:
  std::vector<bool> marked_;
  std::vector<EndpointIndex> list_;
};

void apply(State& state, const RecordHead& head, const Record& record, Touched& touched);

}  // namespace hub::broker
