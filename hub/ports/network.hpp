// Frames out. In come frames by a call to the engine; a connection's id is the network's, and never used again.
#pragma once

#include "hub/base/bytes.hpp"
#include "hub/base/strong.hpp"

namespace hub::ports {

using ConnectionId = Strong<struct ConnectionIdTag, std::uint64_t>;

class Network {
 public:
  virtual ~Network() = default;
  // Never blocks. A frame to a connection that is gone is dropped: sessions resume what was lost.
  virtual void send(ConnectionId to, Buffer frame) = 0;
};

}  // namespace hub::ports
