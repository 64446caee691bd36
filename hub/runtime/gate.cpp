#include "hub/runtime/gate.hpp"

#include <sodium.h>

#include "hub/runtime/zap.hpp"
#include "hub/wire/limits.hpp"

namespace hub::runtime {
namespace {

constexpr int kZapEnforceDomain = 93;  // ZMQ_ZAP_ENFORCE_DOMAIN, which the header hides among the draft options
constexpr int kSendHighWaterMark = 100'000;  // a safety net; what is under way is bounded by credit
// The routing ids that a ROUTER gives out: a zero byte and a 32-bit counter. A peer can't choose one of these.
constexpr std::size_t kRoutingIdBytes = 5;

void set_raw(zmq::socket_t& socket, int option, int value) {
  if (zmq_setsockopt(socket.handle(), option, &value, sizeof value) != 0) throw zmq::error_t();
}

std::optional<ports::ConnectionId> connection_of(const zmq::message_t& routing_id) {
  const auto* bytes = static_cast<const std::uint8_t*>(routing_id.data());
  if (routing_id.size() != kRoutingIdBytes || bytes[0] != 0) return std::nullopt;
  return ports::ConnectionId(load_le<std::uint32_t>(bytes + 1));
}

std::optional<Bytes<32>> key_of(zmq::message_t& frame) {
  const char* user = zmq_msg_gets(frame.handle(), "User-Id");
  const auto bytes = user == nullptr ? std::nullopt : from_hex(user);
  return bytes ? fixed<32>(*bytes) : std::nullopt;
}

void free_buffer(void*, void* buffer) { delete static_cast<Buffer*>(buffer); }

}  // namespace

Gate::Gate(zmq::context_t& context, const Bytes<32>& secret_key, const GateLimits& limits)
    : socket_(context, zmq::socket_type::router) {
  socket_.set(zmq::sockopt::curve_server, true);
  socket_.set(zmq::sockopt::curve_secretkey, std::string_view(as_text(secret_key)));
  socket_.set(zmq::sockopt::zap_domain, kZapDomain);
  set_raw(socket_, kZapEnforceDomain, 1);
  socket_.set(zmq::sockopt::router_mandatory, true);
  socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits.frame_bytes_max));
  socket_.set(zmq::sockopt::handshake_ivl, wire::kHandshakeMillis);
  socket_.set(zmq::sockopt::heartbeat_ivl, static_cast<int>(wire::kHeartbeatMillis));
  socket_.set(zmq::sockopt::heartbeat_timeout, static_cast<int>(wire::kHeartbeatMillis * wire::kHeartbeatsMissedMax));
  socket_.set(zmq::sockopt::sndhwm, kSendHighWaterMark);
  socket_.set(zmq::sockopt::rcvhwm, limits.receive_high_water_mark);
  socket_.set(zmq::sockopt::linger, 200);  // so that a last GOODBYE gets out
}

Result<void> Gate::open(const std::string& address) try {
  socket_.bind(address);
  return {};
} catch (const zmq::error_t& error) {
  return fail(ErrorCode::io_failed, {{"path", address}, {"operation", "listen"}, {"reason", error.what()}});
}

bool Gate::receive(Incoming& out) {
  for (;;) {
    zmq::message_t routing_id;
    if (!socket_.recv(routing_id, zmq::recv_flags::dontwait)) return false;
    if (!routing_id.more()) continue;
    if (!socket_.recv(out.frame, zmq::recv_flags::dontwait)) return false;
    const auto from = connection_of(routing_id);
    const auto key = key_of(out.frame);  // from the body: on the routing id's part it is not there
    const bool single = !out.frame.more();
    while (out.frame.more())
      if (!socket_.recv(out.frame, zmq::recv_flags::dontwait)) break;
    if (!from || !key || !single) continue;
    out.from = *from;
    out.transport_key = *key;
    return true;
  }
}

void Gate::send(ports::ConnectionId to, Buffer frame) {
  Bytes<kRoutingIdBytes> routing_id{};
  store_le(routing_id.data() + 1, static_cast<std::uint32_t>(to.value));
  auto* owned = new Buffer(std::move(frame));
  zmq::message_t message(owned->data(), owned->size(), &free_buffer, owned);
  try {
    // With ROUTER_MANDATORY a peer that is gone is an error, and without DONTWAIT a send to it could hang.
    if (!socket_.send(zmq::buffer(routing_id), zmq::send_flags::sndmore | zmq::send_flags::dontwait)) return;
    (void)socket_.send(message, zmq::send_flags::dontwait);
  } catch (const zmq::error_t&) {
    // The peer is gone: its session resumes with what it has.
  }
}

bool stranger_is_refused(zmq::context_t& context, const std::string& address, const Bytes<32>& hub_public_key) {
  Bytes<32> secret, own_public;
  randombytes_buf(secret.data(), secret.size());
  crypto_scalarmult_base(own_public.data(), secret.data());
  zmq::socket_t stranger(context, zmq::socket_type::dealer);
  stranger.set(zmq::sockopt::linger, 0);
  stranger.set(zmq::sockopt::curve_serverkey, std::string_view(as_text(hub_public_key)));
  stranger.set(zmq::sockopt::curve_publickey, std::string_view(as_text(own_public)));
  stranger.set(zmq::sockopt::curve_secretkey, std::string_view(as_text(secret)));
  const char* events_address = "inproc://stranger";
  const int wanted = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
  if (zmq_socket_monitor(stranger.handle(), events_address, wanted) != 0) return false;
  zmq::socket_t events(context, zmq::socket_type::pair);
  events.set(zmq::sockopt::linger, 0);
  events.set(zmq::sockopt::rcvtimeo, 2 * wire::kHandshakeMillis);
  events.connect(events_address);
  stranger.connect(address);
  zmq::message_t event;
  const bool heard = events.recv(event).has_value() && event.size() >= 2;
  const bool refused =
      heard && load_le<std::uint16_t>(static_cast<const std::uint8_t*>(event.data())) == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
  zmq_socket_monitor(stranger.handle(), nullptr, 0);
  return refused;
}

}  // namespace hub::runtime
