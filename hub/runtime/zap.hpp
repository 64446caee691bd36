// Who may connect: a ZAP 1.0 handler (ZeroMQ RFC 27) on a thread of its own. It knows the transport keys that are
// enrolled; the key that opened a connection travels with each of its frames as User-Id.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <zmq.hpp>

#include "hub/base/bytes.hpp"

namespace hub::runtime {

constexpr const char* kZapDomain = "hub";

class ZapHandler {
 public:
  // Binds before any server socket is made: without a handler libzmq would accept every key.
  explicit ZapHandler(zmq::context_t& context);
  ~ZapHandler();

  void admit(std::set<Bytes<32>> keys);
  // How many handshakes were refused since the last call.
  std::uint64_t take_refused() { return refused_.exchange(0); }

 private:
  void run();
  bool is_admitted(const zmq::message_t& key);

  zmq::socket_t socket_;
  std::mutex mutex_;
  std::set<Bytes<32>> keys_;
  std::atomic<std::uint64_t> refused_{0};
  std::thread thread_;
};

}  // namespace hub::runtime
