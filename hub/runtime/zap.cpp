#include "hub/runtime/zap.hpp"

#include <array>

namespace hub::runtime {

ZapHandler::ZapHandler(zmq::context_t& context) : socket_(context, zmq::socket_type::rep) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind("inproc://zeromq.zap.01");
  thread_ = std::thread([this] { run(); });
}

// The context is shut down first; that ends the thread's wait.
ZapHandler::~ZapHandler() { thread_.join(); }

void ZapHandler::admit(std::set<Bytes<32>> keys) {
  const std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
}

bool ZapHandler::is_admitted(const zmq::message_t& key) {
  const auto bytes = fixed<32>({static_cast<const std::uint8_t*>(key.data()), key.size()});
  const std::lock_guard lock(mutex_);
  return bytes && keys_.contains(*bytes);
}

void ZapHandler::run() try {
  for (;;) {
    // version, request id, domain, address, routing id, mechanism, key
    std::array<zmq::message_t, 7> request;
    std::size_t parts = 0;
    bool more = true;
    while (more) {
      zmq::message_t part;
      if (!socket_.recv(part)) break;
      more = part.more();
      if (parts < request.size()) request[parts] = std::move(part);
      ++parts;
    }
    const bool admitted = parts == request.size() && request[2].to_string_view() == kZapDomain &&
                          request[5].to_string_view() == "CURVE" && is_admitted(request[6]);
    if (!admitted) ++refused_;
    const std::string user =
        admitted ? to_hex({static_cast<const std::uint8_t*>(request[6].data()), request[6].size()}) : "";
    socket_.send(zmq::str_buffer("1.0"), zmq::send_flags::sndmore);
    socket_.send(request[1], zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(std::string(admitted ? "200" : "400")), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(std::string(admitted ? "OK" : "unknown key")), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(user), zmq::send_flags::sndmore);
    socket_.send(zmq::message_t(), zmq::send_flags::none);
  }
} catch (const zmq::error_t&) {
  socket_.close();  // the context was shut down
}

}  // namespace hub::runtime
