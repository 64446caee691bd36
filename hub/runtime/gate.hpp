// The hub's socket: a ROUTER with CURVE. Belongs to the engine's thread.
#pragma once

#include <optional>
#include <zmq.hpp>

#include "hub/base/result.hpp"
#include "hub/ports/network.hpp"

namespace hub::runtime {

struct Incoming {
  ports::ConnectionId from;
  Bytes<32> transport_key{};
  zmq::message_t frame;
  ByteView bytes() const { return {static_cast<const std::uint8_t*>(frame.data()), frame.size()}; }
};

// What may wait in a socket beside what credit bounds.
struct GateLimits {
  std::size_t frame_bytes_max = 0;
  int receive_high_water_mark = 0;  // frames, of a connection
};

constexpr std::size_t kFramesPerTurn = 64;  // so that answers never wait behind a flood

class Gate : public ports::Network {
 public:
  Gate(zmq::context_t& context, const Bytes<32>& secret_key, const GateLimits& limits);
  // From here on connections come. io_failed when the address can't be bound.
  Result<void> open(const std::string& address);

  // A frame that waits, if one does; malformed multi-part messages are dropped.
  bool receive(Incoming& out);
  void send(ports::ConnectionId to, Buffer frame) override;

  zmq::socket_t& socket() { return socket_; }
  std::string address() const { return socket_.get(zmq::sockopt::last_endpoint); }

 private:
  zmq::socket_t socket_;
};

// Connects with a key that nobody enrolled and returns true only if the hub refused it at the handshake. A hub that
// would let a stranger in must not start.
bool stranger_is_refused(zmq::context_t& context, const std::string& address, const Bytes<32>& hub_public_key);

}  // namespace hub::runtime
