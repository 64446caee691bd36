// The name of a delivery, as people, files and commands know it:
//   <first 8 hex digits of the journal's id>-<position of the acceptance, 12 digits>-<outcome index>
// and of a replay the same with -r<position of the order> behind it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hub/base/bytes.hpp"
#include "hub/base/strong.hpp"

namespace hub::wire {

struct DeliveryKey {
  Position document;  // of the acceptance record
  std::uint8_t outcome_index = 0;
  Position replay = {};  // of the order that started it; 0: the first delivery

  // The record with which it began.
  Position origin() const { return replay.value != 0 ? replay : document; }
  friend bool operator==(const DeliveryKey&, const DeliveryKey&) = default;
};

std::string delivery_id(const Bytes<16>& journal_id, const DeliveryKey& key);

struct ParsedDeliveryId {
  std::string journal_start;  // 8 hex digits
  DeliveryKey key;
};
// Nothing when it is not exactly what delivery_id writes.
std::optional<ParsedDeliveryId> parse_delivery_id(std::string_view text);

}  // namespace hub::wire
