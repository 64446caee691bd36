// Every delivery that something may still be said about: where it is, and what a retry or a replay needs to know.
//
// Ordered by the record with which a delivery began, so a look-up is a binary search and an entry costs no allocation.
// Entries leave once a day, when the horizon of their state is over. Owned by the state; one thread.
#pragma once

#include <vector>

#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/broker/delivery_state.hpp"
#include "hub/wire/delivery_id.hpp"

namespace hub::broker {

constexpr std::int64_t kFinalKeptMicros = 31 * kMicrosPerDay;  // as long as its document's id is known
constexpr std::int64_t kOpenKeptMicros =
    400 * kMicrosPerDay;                        // a recipient that never reports fills no memory for ever
constexpr std::uint8_t kWithoutEffectMax = 16;  // records of reports that change nothing, a delivery

struct DeliveryEntry {
  Position origin;       // of the acceptance record, or of the order that replays it
  Position document;     // of the acceptance record
  Position last_record;  // that changed it; of a replayed one: where it goes on
  UnixMicros since;      // of that record
  Uuid id, conversation;
  EndpointIndex sender, recipient;
  std::uint32_t document_bytes = 0;
  std::uint32_t body_key = 0;  // the storage key of its document
  std::uint16_t sending = 0;  // counts how often it was queued: an acknowledgement of an earlier sending says nothing
  std::uint8_t outcome_index = 0;
  std::uint8_t urgency = 0;
  std::uint8_t attempts = 0;  // that failed, since it began or an operator ordered another
  std::uint8_t without_effect = 0;
  bool has_attachments = false;
  DeliveryState state;

  wire::DeliveryKey key() const { return {document, outcome_index, origin == document ? Position() : origin}; }
};

class DeliveryBook {
 public:
  // In ascending order of (origin, outcome index).
  void add(const DeliveryEntry& entry);
  bool can_add(const DeliveryEntry& entry) const;
  void reserve(std::size_t count) { entries_.reserve(count); }
  DeliveryEntry* find(Position origin, std::uint8_t outcome_index);
  const DeliveryEntry* find(Position origin, std::uint8_t outcome_index) const {
    return const_cast<DeliveryBook*>(this)->find(origin, outcome_index);
  }
  // The same delivery, or the last one that an operator's replays put in its place.
  const DeliveryEntry* find_last(Position origin, std::uint8_t outcome_index) const;
  // Drops what is over, with the first call of each day.
  void forget(UnixMicros now);

  std::size_t size() const { return entries_.size(); }
  const std::vector<DeliveryEntry>& entries() const { return entries_; }

 private:
  std::vector<DeliveryEntry> entries_;
  std::int64_t day_swept_ = 0;  // follows from the time of the last record
};

}  // namespace hub::broker
