#include "adapters/sdk/transport.hpp"

#include <algorithm>

#include "hub/wire/limits.hpp"

namespace hub::sdk {
namespace {

constexpr int kLingerMillis = 200;  // long enough for a GOODBYE, short enough for an orderly stop
constexpr int kReconnectMillis = 100, kReconnectMillisMax = 1'000;
constexpr int kHeartbeatTimeoutMillis =
    static_cast<int>(wire::kHeartbeatMillis * static_cast<std::uint32_t>(wire::kHeartbeatsMissedMax));

constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                        ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED;

zmq::const_buffer key_of(const Bytes<32>& key) { return zmq::buffer(key.data(), key.size()); }

bool readable(zmq::socket_t& socket) { return (socket.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0; }

}  // namespace

Transport::Transport(const TransportOptions& options) : context_(1), options_(options) {}

Result<void> Transport::open() try {
  close();
  zmq::socket_t socket(context_, zmq::socket_type::dealer);
  const std::string events = "inproc://events-" + std::to_string(++opened_);
  socket.set(zmq::sockopt::curve_serverkey, key_of(options_.hub_key));
  socket.set(zmq::sockopt::curve_publickey, key_of(options_.public_key));
  socket.set(zmq::sockopt::curve_secretkey, key_of(options_.secret_key));
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(wire::kFrameBytesMax));
  socket.set(zmq::sockopt::handshake_ivl, wire::kHandshakeMillis);
  socket.set(zmq::sockopt::heartbeat_ivl, static_cast<int>(wire::kHeartbeatMillis));
  socket.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMillis);
  socket.set(zmq::sockopt::reconnect_ivl, kReconnectMillis);
  socket.set(zmq::sockopt::reconnect_ivl_max, kReconnectMillisMax);
  socket.set(zmq::sockopt::linger, kLingerMillis);
  socket.set(zmq::sockopt::immediate, true);  // nothing is queued for a connection that is not there
  socket.set(zmq::sockopt::sndhwm, 0);        // the submit window bounds what is sent
  if (zmq_socket_monitor(socket.handle(), events.c_str(), kEvents) != 0) throw zmq::error_t();
  zmq::socket_t monitor(context_, zmq::socket_type::pair);
  monitor.set(zmq::sockopt::linger, 0);
  monitor.connect(events);
  socket.connect(options_.address);
  socket_ = std::move(socket);
  monitor_ = std::move(monitor);
  return {};
} catch (const zmq::error_t& error) {
  return fail(ErrorCode::io_failed,
              {{"operation", "connect"}, {"path", options_.address}, {"reason", error.what()}});
}

void Transport::close() {
  if (socket_) zmq_socket_monitor(socket_.handle(), nullptr, 0);
  socket_.close();
  monitor_.close();
}

bool Transport::send(Buffer frame) try {
  if (!socket_) return false;
  auto* owned = new Buffer(std::move(frame));
  zmq::message_t message(
      owned->data(), owned->size(), [](void*, void* buffer) { delete static_cast<Buffer*>(buffer); }, owned);
  return socket_.send(message, zmq::send_flags::dontwait).has_value();
} catch (const zmq::error_t&) {
  return false;
}

std::optional<zmq::message_t> Transport::receive() try {
  if (!socket_) return std::nullopt;
  zmq::message_t message;
  if (!socket_.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
  if (!message.more()) return message;
  while (message.more() && socket_.recv(message, zmq::recv_flags::dontwait)) continue;
  return zmq::message_t();
} catch (const zmq::error_t&) {
  return std::nullopt;
}

Transport::Event Transport::next_event() try {
  zmq::message_t event, address;
  while (monitor_ && monitor_.recv(event, zmq::recv_flags::dontwait)) {
    if (!event.more() || !monitor_.recv(address, zmq::recv_flags::dontwait) || event.size() < 2) continue;
    switch (load_le<std::uint16_t>(event.data<std::uint8_t>())) {
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return Event::connected;
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return Event::key_refused;
      case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      case ZMQ_EVENT_DISCONNECTED: return Event::lost;
      default: break;
    }
  }
  return Event::none;
} catch (const zmq::error_t&) {
  return Event::none;
}

// A ZeroMQ descriptor is edge-triggered: it tells that something changed since the state was last read. So the state is
// read first, and only if nothing waits does the thread sleep on the descriptors.
bool Transport::watch(std::vector<pollfd>& descriptors) {
  if (!socket_) return false;
  descriptors.push_back({socket_.get(zmq::sockopt::fd), POLLIN, 0});
  descriptors.push_back({monitor_.get(zmq::sockopt::fd), POLLIN, 0});
  return readable(socket_) || readable(monitor_);
}

void Transport::wait(std::chrono::microseconds timeout, std::span<pollfd> others, Transport& second) try {
  descriptors_.assign(others.begin(), others.end());
  const bool here = watch(descriptors_), there = second.watch(descriptors_);
  if (here || there || timeout.count() < 0) timeout = std::chrono::microseconds(0);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timespec time{seconds.count(), std::chrono::nanoseconds(timeout - seconds).count()};
  if (::ppoll(descriptors_.data(), descriptors_.size(), &time, nullptr) < 0)
    for (pollfd& descriptor : descriptors_) descriptor.revents = 0;  // interrupted: the caller comes again
  for (std::size_t i = 0; i < others.size(); ++i) others[i].revents = descriptors_[i].revents;
} catch (const zmq::error_t&) {
  for (pollfd& other : others) other.revents = 0;
}

}  // namespace hub::sdk
