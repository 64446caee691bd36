// What may follow what in the life of one delivery. Drawn in README.md. Pure: no state of its own, any thread.
#pragma once

#include "hub/wire/delivery_status.hpp"

namespace hub::broker {

using wire::DeliveryStatus;

struct DeliveryState {
  DeliveryStatus status = DeliveryStatus::pending;
  bool recall_requested = false;  // by the sender; no answer yet
  bool recall_refused = false;    // by the recipient, since the last request
  bool retrying = false;          // pending, and waiting for the time of its next attempt
  friend bool operator==(const DeliveryState&, const DeliveryState&) = default;
};

struct Step {
  enum class Kind {
    changes,         // `next` is the state after it
    repetition,      // says what is so already
    without_effect,  // late, or contradicts what is so
  };
  Kind kind{};
  DeliveryState next;
};

// The recipient's endpoint or system reports a status that can be reported, but for `failed`.
Step report(const DeliveryState& state, DeliveryStatus reported);
// The endpoint could not hand it over: a dead letter, or another attempt follows. One that was under way when it was
// stopped is a dead letter.
Step fail_delivery(const DeliveryState& state, bool is_last);
// Its endpoint has stored it. False: it was further than that, or elsewhere.
bool acknowledge(DeliveryState& state);
// The time of its next attempt has come. False: it is not for that any more.
bool resume(DeliveryState& state);
// An accepted recall. False: there is nothing to be had back.
bool request_recall(DeliveryState& state);

// Whether an operator may order this of it.
bool can_retry(const DeliveryState& state);
bool can_stop(const DeliveryState& state);
bool can_replay(const DeliveryState& state);

// Nothing more comes of it but by an operator's order, or by a recall of what was finished.
bool is_final(const DeliveryState& state);

}  // namespace hub::broker
