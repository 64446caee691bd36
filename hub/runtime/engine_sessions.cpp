// How sessions begin and end, and what keeps them.
#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {
namespace {

constexpr std::size_t kCheckpointsPerTick = 16;  // each costs a proof: some reads and hashes
constexpr std::int64_t kCheckpointShownEveryMicros = 10 * kMicrosPerSecond;  // to one endpoint

}  // namespace

void Engine::on_hello(ports::ConnectionId from, Connection& connection, EndpointIndex endpoint, ByteView payload) {
  if (connection.endpoint)
    return refuse(from, wire::malformed_frame("HELLO comes once a connection"));
  const auto hello = wire::read_hello(payload);
  if (!hello) return dismiss(from, hello.error());
  const auto connected =
      broker::decide_connect(recorder_.state(), recorder_.journal().id(), endpoint, *hello);
  if (!connected) return dismiss(from, connected.error());
  if (const Session* old = session(endpoint); old != nullptr && old->connection != from)
    dismiss(old->connection, {ErrorCode::session_superseded, {}});
  connection.endpoint = endpoint;
  recorder_.record(*connected);
  ++meters_.sessions_opened;
  welcome(from, endpoint, *hello);
}

void Engine::welcome(ports::ConnectionId from, EndpointIndex endpoint, const wire::Hello& hello) {
  const broker::State& state = recorder_.state();
  const broker::EndpointState& streams = state.endpoints[endpoint.value];
  sessions_.resize(registry().endpoint_count());
  Session session;
  session.connection = from;
  session.id = state.last_session;
  // What was in flight goes again; what the endpoint has, it said.
  session.deliveries_sent = streams.deliveries.acknowledged();
  session.receipts_sent = streams.receipts.acknowledged();
  session.tree_seen = hello.tree_seen;
  session.receipts_window = std::min(hello.receipts_window_items, wire::kStreamWindowItemsMax);
  sessions_[endpoint.value] = session;

  wire::Welcome message;
  message.origin = state.created.origin;
  message.journal_id = recorder_.journal().id();
  message.time = recorder_.now();
  message.session = session.id;
  message.party = registry().party_at(registry().endpoint_at(endpoint).party).id;
  message.durable_end = recorder_.journal().end();  // and it leaves once that is so
  message.deliveries_next = session.deliveries_sent.next();
  message.receipts_next = session.receipts_sent.next();
  message.bulk_port = bulk_port_;
  Buffer frame;
  wire::write(frame, message);
  frames_.hold(recorder_.journal().end(), {from, std::move(frame), 0, 0, /*opens_session=*/true});
}

// The newest checkpoint, when this endpoint keeps them and has not seen it.
void Engine::show_checkpoint(Session& session) {
  if (!session.tree_seen || !voucher_) return;
  const auto vouched = voucher_(*session.tree_seen);
  const bool first = session.checkpoint_shown == UnixMicros{};
  if (!vouched || (!first && vouched->size == *session.tree_seen)) return;
  const ByteView proof(reinterpret_cast<const std::uint8_t*>(vouched->proof.data()),
                       vouched->proof.size() * sizeof(crypto::Digest));
  Buffer frame;
  wire::write(frame, wire::CheckpointMessage{vouched->note, proof});
  send(session.connection, std::move(frame));
  session.tree_seen = vouched->size;
  session.checkpoint_shown = recorder_.now();
}

// Some of the sessions in turn, each now and then.
void Engine::show_checkpoints() {
  const std::size_t count = std::min(kCheckpointsPerTick, sessions_.size());
  for (std::size_t i = 0; i < count; ++i) {
    next_shown_ = (next_shown_ + 1) % sessions_.size();
    auto& session = sessions_[next_shown_];
    if (session && session->open &&
        recorder_.now().value - session->checkpoint_shown.value >= kCheckpointShownEveryMicros)
      show_checkpoint(*session);
  }
}

void Engine::on_acknowledge(ports::ConnectionId from, EndpointIndex endpoint, ByteView payload) {
  const auto message = wire::read_acknowledge(payload);
  if (!message) return refuse(from, message.error());
  Session& s = *session(endpoint);
  if (message->stream == wire::Stream::deliveries) {
    const auto record = broker::decide_deliveries_acknowledged(recorder_.state(), endpoint, *message);
    if (!record) return refuse(from, record.error());
    if (!*record) return;
    if (message->stored > s.deliveries_sent)
      return refuse(from, wire::malformed_frame("an acknowledgement covers a delivery that was never sent"));
    const auto& queue = recorder_.state().endpoints[endpoint.value].deliveries;
    for (auto sequence = queue.acknowledged().next(); sequence <= (*record)->stored; sequence = sequence.next())
      s.delivery_bytes_sent -= queue.at(sequence).document_bytes;
    meters_.deliveries_acknowledged += (*record)->stored.value - std::min(queue.acknowledged(), (*record)->stored).value;
    time_acknowledged(s, (*record)->stored);
    recorder_.record(**record);
  } else {
    const auto record = broker::decide_receipts_acknowledged(recorder_.state(), endpoint, *message);
    if (!record) return refuse(from, record.error());
    s.receipts_window = std::min(message->window_items, wire::kStreamWindowItemsMax);
    if (*record) recorder_.record(**record);
    recorder_.touched().endpoint(endpoint);
  }
}

void Engine::on_credential(ports::ConnectionId from, EndpointIndex endpoint, ByteView payload) {
  const auto message = wire::read_credential(payload);
  if (!message) return refuse(from, message.error());
  wire::Answer answer{message->request, std::nullopt, recorder_.journal().end()};
  const auto decided = broker::decide_credential(recorder_.state(), endpoint, message->text);
  if (!decided) {
    answer.refusal = decided.error();
  } else if (*decided) {
    recorder_.record(**decided);
    recorder_.refresh();
    tell_credential({(*decided)->item, (*decided)->id, (*decided)->canonical});
  }
  Buffer frame;
  wire::write(frame, answer);
  hold(from, std::move(frame));
}

void Engine::on_goodbye(ports::ConnectionId from, EndpointIndex endpoint) {
  disconnect(endpoint, "goodbye");
  connections_.erase(from);
}

void Engine::disconnect(EndpointIndex endpoint, std::string_view reason) {
  Session* s = session(endpoint);
  if (s == nullptr) return;
  const SessionId id = s->id;
  sessions_[endpoint.value].reset();
  recorder_.record(broker::EndpointDisconnected{endpoint, id, std::string(reason)});
}

void Engine::refuse(ports::ConnectionId to, const Error& error, std::optional<std::uint64_t> batch) {
  ++meters_.frames_refused[error.code];
  Buffer frame;
  wire::write(frame, wire::ErrorMessage{error, batch});
  hold(to, std::move(frame));
}

// Ends a connection, and the session when it has one.
void Engine::dismiss(ports::ConnectionId id, const Error& error) {
  ++meters_.dismissed[error.code];
  const auto connection = connections_.find(id);
  if (connection != connections_.end()) {
    const auto endpoint = connection->second.endpoint;
    if (endpoint && session(*endpoint) != nullptr && session(*endpoint)->connection == id)
      disconnect(*endpoint, code_text(error.code));
    connections_.erase(connection);
  }
  Buffer frame;
  wire::write(frame, wire::Goodbye{error});
  network_.send(id, std::move(frame));
}

}  // namespace hub::runtime
