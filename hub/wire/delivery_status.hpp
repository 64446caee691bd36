// How far a delivery is: the numbers and names that records, receipts, reports, files and commands share. The numbers
// are edXML's status codes where it has one. What may follow what: hub/broker/delivery_state.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hub::wire {

enum class DeliveryStatus : std::uint8_t {  // never renumbered
  pending = 0,                              // on its way, or waiting for its next attempt
  delivered = 1,                            // durable at the recipient's endpoint
  refused = 2,                              // by the recipient's system
  registered = 3,
  assigned = 4,
  processing = 5,
  finished = 6,
  recall_requested = 13,  // by the sender: a mark beside the state
  recalled = 15,          // the recipient agreed
  recall_refused = 16,
  failed = 32,    // a dead letter: it can't be handed over
  stopped = 33,   // by an operator
  replayed = 34,  // by an operator: a new delivery goes on in its place
};

struct NamedStatus {
  DeliveryStatus status;
  std::string_view name;
};
constexpr std::array<NamedStatus, 13> kStatusNames = {{{DeliveryStatus::pending, "pending"},
                                                       {DeliveryStatus::delivered, "delivered"},
                                                       {DeliveryStatus::refused, "refused"},
                                                       {DeliveryStatus::registered, "registered"},
                                                       {DeliveryStatus::assigned, "assigned"},
                                                       {DeliveryStatus::processing, "processing"},
                                                       {DeliveryStatus::finished, "finished"},
                                                       {DeliveryStatus::recall_requested, "recall-requested"},
                                                       {DeliveryStatus::recalled, "recalled"},
                                                       {DeliveryStatus::recall_refused, "recall-refused"},
                                                       {DeliveryStatus::failed, "failed"},
                                                       {DeliveryStatus::stopped, "stopped"},
                                                       {DeliveryStatus::replayed, "replayed"}}};

constexpr std::string_view name_of(DeliveryStatus status) {
  for (const NamedStatus& named : kStatusNames)
    if (named.status == status) return named.name;
  return {};
}
constexpr std::optional<DeliveryStatus> status_of(std::uint64_t number) {
  for (const NamedStatus& named : kStatusNames)
    if (static_cast<std::uint64_t>(named.status) == number) return named.status;
  return std::nullopt;
}
constexpr std::optional<DeliveryStatus> status_named(std::string_view name) {
  for (const NamedStatus& named : kStatusNames)
    if (named.name == name) return named.status;
  return std::nullopt;
}

// What a recipient may report. The others come about at the hub.
constexpr bool can_be_reported(DeliveryStatus status) {
  return status != DeliveryStatus::pending && status != DeliveryStatus::recall_requested &&
         status != DeliveryStatus::stopped && status != DeliveryStatus::replayed;
}
// What a sender gets receipts of.
constexpr bool makes_receipt(DeliveryStatus status) {
  return status != DeliveryStatus::pending && status != DeliveryStatus::recall_requested;
}

}  // namespace hub::wire
