// One ZeroMQ connection to the hub: a DEALER socket under CURVE, and the monitor that tells what becomes of it.
// A socket carries one connection only. After a loss a new one is opened, so that nothing of an old session, neither
// a frame that waits to be sent nor one that waits to be read, can reach the next.
//
// One thread owns it. It never blocks, except in wait().
#pragma once

#include <poll.h>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <zmq.hpp>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

namespace hub::sdk {

struct TransportOptions {
  std::string address;            // "tcp://127.0.0.1:7400"
  Bytes<32> hub_key{};            // the hub's public CURVE key
  Bytes<32> public_key{}, secret_key{};
};

class Transport {
 public:
  enum class Event { none, connected, lost, key_refused };

  explicit Transport(const TransportOptions& options);

  // Starts to connect; io_failed when the address is none.
  Result<void> open();
  void close();
  void set_address(const std::string& address) { options_.address = address; }  // for the next open()
  bool is_open() const { return static_cast<bool>(socket_); }

  // Hands a frame over without copying it. False: not connected, the frame is lost.
  bool send(Buffer frame);
  // The next frame that has arrived, or nothing. A message of several parts is no frame: it comes empty.
  std::optional<zmq::message_t> receive();
  // What happened to the connection since the last call, one thing a call.
  Event next_event();

  // Waits until a frame, an event or one of `others` is there, on this connection or on `second`, or the time is over.
  // `others` get their revents.
  void wait(std::chrono::microseconds timeout, std::span<pollfd> others, Transport& second);

 private:
  // Whether something waits to be read; adds the descriptors that tell when something comes.
  bool watch(std::vector<pollfd>& descriptors);

  zmq::context_t context_;
  TransportOptions options_;
  zmq::socket_t socket_, monitor_;
  std::vector<pollfd> descriptors_;
  std::uint64_t opened_ = 0;  // names the monitor's endpoint
};

}  // namespace hub::sdk
