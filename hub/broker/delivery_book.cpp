#include "hub/broker/delivery_book.hpp"

#include <algorithm>

#include "hub/base/check.hpp"

namespace hub::broker {
namespace {

bool is_before(const DeliveryEntry& entry, Position origin, std::uint8_t outcome_index) {
  return entry.origin < origin || (entry.origin == origin && entry.outcome_index < outcome_index);
}

}  // namespace

void DeliveryBook::add(const DeliveryEntry& entry) {
  HUB_CHECK(can_add(entry));
  entries_.push_back(entry);
}

bool DeliveryBook::can_add(const DeliveryEntry& entry) const {
  return entries_.empty() || is_before(entries_.back(), entry.origin, entry.outcome_index);
}

DeliveryEntry* DeliveryBook::find(Position origin, std::uint8_t outcome_index) {
  const auto found = std::partition_point(entries_.begin(), entries_.end(), [&](const DeliveryEntry& entry) {
    return is_before(entry, origin, outcome_index);
  });
  if (found == entries_.end() || found->origin != origin || found->outcome_index != outcome_index) return nullptr;
  return &*found;
}

const DeliveryEntry* DeliveryBook::find_last(Position origin, std::uint8_t outcome_index) const {
  const DeliveryEntry* entry = find(origin, outcome_index);
  while (entry != nullptr && entry->state.status == DeliveryStatus::replayed)
    entry = find(entry->last_record, outcome_index);
  return entry;
}

void DeliveryBook::forget(UnixMicros now) {
  const std::int64_t day = now.value / kMicrosPerDay;
  if (day == day_swept_) return;
  day_swept_ = day;
  std::erase_if(entries_, [&](const DeliveryEntry& entry) {
    return entry.since.value < now.value - (is_final(entry.state) ? kFinalKeptMicros : kOpenKeptMicros);
  });
}

}  // namespace hub::broker
