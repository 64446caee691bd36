// A hub that says what a test tells it to: a ROUTER socket under CURVE with a ZAP handler, and the protocol's own code.
// It decides nothing and stores nothing. One thread owns it together with the client under test.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "hub/crypto/key_file.hpp"
#include "hub/wire/delivery.hpp"
#include "hub/wire/receipt.hpp"
#include "hub/wire/session.hpp"
#include "hub/wire/submit.hpp"

namespace hub::test {

struct ReceivedFrame {
  std::string from;
  Buffer bytes;
  wire::Frame frame() const { return wire::read_frame(bytes).value(); }
  wire::Kind kind() const { return frame().kind; }
};

class ScriptedHub {
 public:
  explicit ScriptedHub(const std::string& address = "tcp://127.0.0.1:*")
      : key_(crypto::new_key("transport")), zap_(context_, zmq::socket_type::rep) {
    zap_.bind("inproc://zeromq.zap.01");
    start(address);
  }

  const std::string& address() const { return address_; }
  const Bytes<32>& public_key() const { return key_.public_key; }
  bool accepts_keys = true;

  void start(const std::string& address) {
    router_ = zmq::socket_t(context_, zmq::socket_type::router);
    router_.set(zmq::sockopt::curve_server, true);
    router_.set(zmq::sockopt::curve_secretkey, zmq::buffer(key_.secret->data(), 32));
    router_.set(zmq::sockopt::zap_domain, "hub");
    router_.set(zmq::sockopt::linger, 200);
    router_.bind(address);
    address_ = router_.get(zmq::sockopt::last_endpoint);
  }
  void stop() { router_.close(); }
  void restart() {
    stop();
    // The library closes the old listener in its own time.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) try {
        return start(std::string(address_));
      } catch (const zmq::error_t&) {
        if (std::chrono::steady_clock::now() > end) throw;
        std::this_thread::yield();
      }
  }

  // Answers key checks and takes what has arrived.
  void pump() {
    answer_zap();
    zmq::message_t from, frame;
    while (router_ && router_.recv(from, zmq::recv_flags::dontwait)) {
      if (!router_.recv(frame, zmq::recv_flags::dontwait)) continue;
      peer_ = from.to_string();
      received.push_back({peer_, Buffer(frame.data<std::uint8_t>(), frame.data<std::uint8_t>() + frame.size())});
    }
  }

  // To the peer that spoke last.
  void send(const Buffer& frame) {
    router_.send(zmq::buffer(peer_), zmq::send_flags::sndmore);
    router_.send(zmq::buffer(frame.data(), frame.size()), zmq::send_flags::none);
  }
  template <class Message>
  void say(const Message& message) {
    Buffer frame;
    wire::write(frame, message);
    send(frame);
  }

  std::deque<ReceivedFrame> received;

 private:
  void answer_zap() {
    zmq::message_t part;
    while (zap_.recv(part, zmq::recv_flags::dontwait)) {
      std::vector<std::string> request{part.to_string()};
      while (part.more() && zap_.recv(part)) request.push_back(part.to_string());
      for (const std::string& reply : {std::string("1.0"), request.at(1), std::string(accepts_keys ? "200" : "400"),
                                       std::string(), std::string("peer")})
        zap_.send(zmq::buffer(reply), zmq::send_flags::sndmore);
      zap_.send(zmq::message_t(), zmq::send_flags::none);
    }
  }

  zmq::context_t context_;
  crypto::KeyFile key_;
  zmq::socket_t zap_, router_;
  std::string address_, peer_;
};

}  // namespace hub::test
