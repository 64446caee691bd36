// The receipts of one endpoint: in the order in which they came to be, until they are acknowledged.
#pragma once

#include <string>

#include "hub/base/ring.hpp"
#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/wire/delivery_status.hpp"

namespace hub::broker {

struct PendingReceipt {
  Position document, record;
  Uuid id;
  PartyIndex recipient;
  UnixMicros time;
  std::uint8_t outcome_index = 0;
  wire::DeliveryStatus status = wire::DeliveryStatus::delivered;
  std::string reason = {};
};

class ReceiptQueue {
 public:
  ReceiptQueue() = default;
  explicit ReceiptQueue(StreamSequence acknowledged) : acknowledged_(acknowledged) {}

  void add(const PendingReceipt& receipt) { items_.push_back(receipt); }
  void acknowledge(StreamSequence stored) {
    for (; acknowledged_ < stored && !items_.empty(); acknowledged_ = acknowledged_.next()) items_.pop_front();
  }
  // Whether the endpoint may not know yet what this record says: records only ascend.
  bool waits_for(Position record) const { return !items_.empty() && items_.front().record <= record; }
  StreamSequence acknowledged() const { return acknowledged_; }
  StreamSequence last() const { return StreamSequence(acknowledged_.value + items_.size()); }
  const PendingReceipt& at(StreamSequence sequence) const { return items_[sequence.value - acknowledged_.value - 1]; }

 private:
  StreamSequence acknowledged_;
  Ring<PendingReceipt> items_;
};

}  // namespace hub::broker
