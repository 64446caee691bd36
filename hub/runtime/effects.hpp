// What is to be sent, held back until the records that it follows from are durable.
// Owned by the engine's thread.
#pragma once

#include <deque>
#include <optional>

#include "hub/base/strong.hpp"
#include "hub/ports/network.hpp"

namespace hub::runtime {

// A frame; when it answers a batch, what its sender's submit window gets back with it.
struct FrameEffect {
  ports::ConnectionId to;
  Buffer frame;
  std::uint64_t documents_answered = 0, bytes_answered = 0;
  bool opens_session = false;  // WELCOME: nothing of the streams leaves before it
};

// An endpoint's streams may be sent up to here.
struct StreamEffect {
  EndpointIndex endpoint;
  StreamSequence deliveries, receipts;
};

// An effect may leave once everything before `after` is durable.
template <class Effect>
class HeldEffects {
 public:
  void hold(Position after, Effect effect) { held_.push_back({after, std::move(effect)}); }
  // The next effect that may leave.
  std::optional<Effect> release(Position durable_end) {
    if (held_.empty() || held_.front().after > durable_end) return std::nullopt;
    Effect effect = std::move(held_.front().effect);
    held_.pop_front();
    return effect;
  }

 private:
  struct Held {
    Position after;
    Effect effect;
  };
  std::deque<Held> held_;  // `after` never goes down, as the journal's end does not
};

}  // namespace hub::runtime
