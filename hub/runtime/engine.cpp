#include "hub/runtime/engine.hpp"

#include <algorithm>

namespace hub::runtime {
namespace {

constexpr std::int64_t kStrangersEveryMicros = 60 * kMicrosPerSecond;
// More than all records that follow from one frame which is no batch, or from one tick.
constexpr std::size_t kSmallRecordsBytes = 64 << 10;
constexpr std::size_t kListedDeliveryBytesMax = 12;  // of an acknowledgement's record, which lists what it finishes
constexpr std::size_t kDismissedPerTick = 64;

}  // namespace

Engine::Engine(ports::Clock& clock, ports::Randomness& randomness, ports::Network& network,
               journal::Journal& journal, broker::State& state, ports::StorageSecrets& secrets)
    : clock_(clock),
      sealer_(secrets),
      recorder_(clock, randomness, journal, state, sealer_),
      network_(network),
      delivery_frames_(recorder_),
      users_(std::make_shared<PublishedUsers>(state.users)) {
  recorder_.refresh();
  recorder_.read_clock();
}

void Engine::start(std::string version, std::vector<crypto::PublicKey> tree_keys) {
  recorder_.record(broker::HubStarted{std::move(version), std::move(tree_keys)});
}

void Engine::stop() {
  for (const auto& [connection, known] : connections_) {
    Buffer frame;
    wire::write(frame, wire::Goodbye{Error{ErrorCode::hub_stopping, {}}});
    send(connection, std::move(frame));
  }
  if (has_room()) recorder_.record(broker::HubStopped{});  // a full disk is no reason not to stop
}

bool Engine::on_frame(ports::ConnectionId from, const Bytes<32>& transport_key, ByteView bytes) {
  // What waits for room waits from when it came.
  const ports::SteadyNanos received = held_back_since_ ? *held_back_since_ : clock_.steady();
  const bool taken = has_room_for(transport_key) && take_frame(from, transport_key, bytes, received);
  held_back_since_ = taken ? std::nullopt : std::optional(received);
  return taken;
}

bool Engine::take_frame(ports::ConnectionId from, const Bytes<32>& transport_key, ByteView bytes,
                        ports::SteadyNanos received) {
  if (connections_.size() >= wire::kConnectionsMax && !connections_.contains(from)) return true;
  Connection& connection = connections_.try_emplace(from, Connection{{}, recorder_.now(), recorder_.now()}).first->second;
  connection.heard = recorder_.now();
  const auto endpoint = registry().endpoint_of_curve_key(transport_key);
  const auto frame = wire::read_frame(bytes);
  if (!endpoint) {
    dismiss(from, {ErrorCode::endpoint_revoked, {}});
  } else if (!frame) {
    refuse(from, frame.error());
  } else if (frame->kind == wire::Kind::hello) {
    on_hello(from, connection, *endpoint, frame->payload);
  } else if (connection.endpoint != endpoint) {
    refuse(from, {ErrorCode::hello_required, {}});
  } else if (frame->kind == wire::Kind::submit) {
    return on_submit(from, *endpoint, frame->payload, received);
  } else {
    on_small_frame(from, *endpoint, *frame);
  }
  return true;
}

void Engine::on_small_frame(ports::ConnectionId from, EndpointIndex endpoint, const wire::Frame& frame) {
  switch (frame.kind) {
    case wire::Kind::acknowledge: return on_acknowledge(from, endpoint, frame.payload);
    case wire::Kind::credential: return on_credential(from, endpoint, frame.payload);
    case wire::Kind::report: return on_report(from, endpoint, frame.payload);
    case wire::Kind::goodbye: return on_goodbye(from, endpoint);
    case wire::Kind::heartbeat:
      if (const auto beat = wire::read_heartbeat(frame.payload); !beat) refuse(from, beat.error());
      ++meters_.heartbeats_heard;
      return;
    default:
      return refuse(from, {ErrorCode::message_kind_unknown,
                           {{"actual", std::to_string(static_cast<unsigned>(frame.kind))}}});
  }
}

void Engine::on_strangers(std::uint64_t count) {
  if (strangers_ == 0) strangers_since_ = recorder_.now();
  strangers_ += count;
  meters_.strangers_refused += count;
}

Result<void> Engine::on_configuration(const std::vector<registry::Item>& items, const std::string& actor) {
  const auto changes = broker::decide_configuration(recorder_.state(), items, actor);
  if (!changes) return tl::unexpected(changes.error());
  changes_.insert(changes_.end(), changes->begin(), changes->end());
  return {};
}

bool Engine::record_changes() {
  const bool any = !changes_.empty();
  while (!changes_.empty() && recorder_.journal().room(0, changes_.front().canonical.size() + kSmallRecordsBytes)) {
    const broker::ConfigurationChanged& change = changes_.front();
    recorder_.record(change);
    tell_credential({change.item, change.id, change.canonical});
    changes_.pop_front();
  }
  if (any) recorder_.refresh();
  return any;
}

void Engine::on_tick() {
  if (!has_room()) return;
  const std::int64_t now = recorder_.now().value;
  const std::int64_t interval = std::int64_t{wire::kHeartbeatMillis} * 1000;
  std::vector<ports::ConnectionId> silent;
  for (auto& [id, connection] : connections_) {
    if (now - connection.heard.value > interval * wire::kHeartbeatsMissedMax) {
      silent.push_back(id);
    } else if (connection.endpoint && now - connection.spoken.value >= interval) {
      Buffer frame;
      wire::write(frame, wire::Heartbeat{recorder_.now()});
      send(id, std::move(frame));
      ++meters_.heartbeats_sent;
    }
  }
  std::sort(silent.begin(), silent.end());  // the order of a hash table must not reach the journal
  if (silent.size() > kDismissedPerTick) silent.resize(kDismissedPerTick);
  for (const ports::ConnectionId id : silent) dismiss(id, {ErrorCode::heartbeat_missed, {}});
  if (const auto due = broker::decide_schedule(recorder_.state(), recorder_.now())) recorder_.record(*due);
  drop_contents();
  if (erased_left_) give_up_erased();
  show_checkpoints();
  if (strangers_ > 0 && now - strangers_since_.value >= kStrangersEveryMicros) {
    recorder_.record(broker::StrangersRefused{strangers_, strangers_since_});
    strangers_ = 0;
  }
}

void Engine::end_turn() {
  const Position end = recorder_.journal().end();
  for (const EndpointIndex endpoint : recorder_.touched().list()) {
    const broker::EndpointState& streams = recorder_.state().endpoints[endpoint.value];
    streams_.hold(end, {endpoint, streams.deliveries.dispatched(), streams.receipts.last()});
  }
  recorder_.touched().clear();
  const Position durable = recorder_.journal().durable_end();
  while (auto effect = frames_.release(durable)) {
    Session* opened = nullptr;
    const auto connection = connections_.find(effect->to);
    if (connection != connections_.end() && connection->second.endpoint) {
      if (Session* s = session(*connection->second.endpoint); s != nullptr && s->connection == effect->to) {
        s->documents_unanswered -= effect->documents_answered;
        s->bytes_unanswered -= effect->bytes_answered;
        s->open = s->open || effect->opens_session;
        if (effect->opens_session) opened = s;
      }
    }
    send(effect->to, std::move(effect->frame));
    if (opened != nullptr) show_checkpoint(*opened);
  }
  time_answers(durable);
  while (const auto effect = streams_.release(durable)) send_streams(*effect);
  while (const auto callback = callbacks_.release(durable)) (*callback)();
}

bool Engine::has_room() const { return recorder_.journal().room(0, kSmallRecordsBytes); }

bool Engine::has_room_for(const Bytes<32>& transport_key) const {
  const auto endpoint = registry().endpoint_of_curve_key(transport_key);
  const std::size_t in_flight = endpoint ? state().endpoints[endpoint->value].deliveries.in_flight() : 0;
  return recorder_.journal().room(0, kSmallRecordsBytes + in_flight * kListedDeliveryBytesMax);
}

Result<Position> Engine::record_probe() {
  if (recorder_.journal().low_on_space()) return fail(ErrorCode::storage_full);
  ++meters_.probes;
  return recorder_.record(broker::ProbeRecorded{}).position;
}

void Engine::when_durable(std::function<void()> callback) {
  callbacks_.hold(recorder_.journal().end(), std::move(callback));
}

Session* Engine::session(EndpointIndex endpoint) {
  if (endpoint.value >= sessions_.size() || !sessions_[endpoint.value]) return nullptr;
  return &*sessions_[endpoint.value];
}

void Engine::hold(ports::ConnectionId to, Buffer frame) {
  frames_.hold(recorder_.journal().end(), {to, std::move(frame)});
}

void Engine::send(ports::ConnectionId to, Buffer frame) {
  const auto connection = connections_.find(to);
  if (connection != connections_.end()) connection->second.spoken = recorder_.now();
  network_.send(to, std::move(frame));
}

}  // namespace hub::runtime
