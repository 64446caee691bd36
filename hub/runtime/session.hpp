// One endpoint's connection, as the engine keeps it: what was sent and what may be sent. Nothing here survives a
// restart; what must is in the state.
#pragma once

#include <optional>
#include <set>

#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/crypto/keys.hpp"
#include "hub/ports/network.hpp"
#include "hub/runtime/meters.hpp"

namespace hub::runtime {

struct Session {
  ports::ConnectionId connection;
  SessionId id;
  bool open = false;  // WELCOME has left
  StreamSequence deliveries_sent, receipts_sent;
  std::uint64_t delivery_bytes_sent = 0;  // of deliveries that are not acknowledged
  std::uint64_t receipts_window = 0;
  Ring<SentFrame> frames_sent;  // of deliveries that are not acknowledged
  std::uint64_t documents_unanswered = 0, bytes_unanswered = 0;
  std::optional<std::uint64_t> tree_seen;  // size of the newest checkpoint that it has; nothing: it keeps none
  UnixMicros checkpoint_shown;             // when it was last sent one
  std::set<std::pair<PartyIndex, crypto::KeyId>> keys_told;  // certificates that this endpoint has been sent
};

// A connection, with or without a session.
struct Connection {
  std::optional<EndpointIndex> endpoint;
  UnixMicros heard, spoken;
};

}  // namespace hub::runtime
