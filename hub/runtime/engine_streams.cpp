// Deliveries and receipts on their way out, within each endpoint's windows.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/credentials.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

void Engine::send_streams(const StreamEffect& effect) {
  Session* s = session(effect.endpoint);
  if (s == nullptr || !s->open) return;
  send_deliveries(effect.endpoint, *s, effect.deliveries);
  if (s = session(effect.endpoint); s == nullptr) return;
  send_receipts(effect.endpoint, *s, effect.receipts);
}

void Engine::send_deliveries(EndpointIndex endpoint, Session& s, StreamSequence last) {
  const broker::DeliveryQueue& queue = recorder_.state().endpoints[endpoint.value].deliveries;
  const broker::DeliveryWindow window = queue.window();
  s.deliveries_sent = std::max(s.deliveries_sent, queue.acknowledged());
  while (s.deliveries_sent < last) {
    delivery_frames_.start(s.deliveries_sent.next());
    while (s.deliveries_sent < last && !delivery_frames_.full() &&
           s.deliveries_sent.value - queue.acknowledged().value < window.items &&
           (s.delivery_bytes_sent == 0 || s.delivery_bytes_sent < window.bytes)) {
      const broker::PendingDelivery& delivery = queue.at(s.deliveries_sent.next());
      const auto added = delivery_frames_.add(delivery);
      if (!added) return end_stream({endpoint, last, s.receipts_sent}, s.connection, added.error());
      s.deliveries_sent = s.deliveries_sent.next();
      s.delivery_bytes_sent += delivery.document_bytes;
      ++meters_.deliveries_sent;
    }
    if (delivery_frames_.empty()) return;  // the window is full; an acknowledgement brings us back
    tell_keys(s, delivery_frames_.groups());
    Buffer frame;
    delivery_frames_.write(frame);
    send(s.connection, std::move(frame));
    s.frames_sent.push_back({s.deliveries_sent, clock_.steady()});
  }
}

// A delivery can't be sent, and none may be left out of a stream: the connection ends, and what was before it is sent
// again with the next one. An erased document is left out then; a missing key is for the operator to restore.
void Engine::end_stream(const StreamEffect& effect, ports::ConnectionId connection, const Error& error) {
  // Its end is a record: without room for it now, all of this comes again.
  if (!has_room()) return streams_.hold(recorder_.journal().end(), effect);
  spdlog::error("a delivery can't be sent: {}", describe(error, Language::english));
  dismiss(connection, error);
}

void Engine::send_receipts(EndpointIndex endpoint, Session& s, StreamSequence last) {
  const broker::ReceiptQueue& queue = recorder_.state().endpoints[endpoint.value].receipts;
  s.receipts_sent = std::max(s.receipts_sent, queue.acknowledged());
  const StreamSequence limit(std::min(last.value, queue.acknowledged().value + s.receipts_window));
  while (s.receipts_sent < limit) {
    wire::Receipts message;
    message.first = s.receipts_sent.next();
    while (s.receipts_sent < limit && message.receipts.size() < wire::kReceiptsFrameItems) {
      s.receipts_sent = s.receipts_sent.next();
      const broker::PendingReceipt& r = queue.at(s.receipts_sent);
      message.receipts.push_back({r.status, r.document, r.id, r.outcome_index, registry().party_at(r.recipient).id,
                                  r.record, r.time, r.reason});
    }
    meters_.receipts_sent += message.receipts.size();
    Buffer frame;
    wire::write(frame, message);
    send(s.connection, std::move(frame));
  }
}

// A recipient gets a sender's credentials before the first delivery under that key.
void Engine::tell_keys(Session& s, const std::vector<wire::DeliveryGroup>& groups) {
  std::vector<std::string_view> texts;
  for (const wire::DeliveryGroup& group : groups) {
    const auto party = registry().party(group.sender);
    HUB_CHECK(party.has_value());
    if (!s.keys_told.emplace(*party, group.key).second) continue;
    for (const registry::CertifiedKey* key : registry().keys().certificates(group.sender, group.key)) {
      texts.push_back(key->certificate_text);
      if (!key->revocation_text.empty()) texts.push_back(key->revocation_text);
    }
  }
  if (texts.empty()) return;
  Buffer frame;
  wire::write(frame, wire::Credentials{texts});
  send(s.connection, std::move(frame));
}

// Those who know keys learn of a new certificate or a revocation as soon as it is durable.
void Engine::tell_credential(const registry::Item& item) {
  if (item.kind != registry::ItemKind::revocation && item.kind != registry::ItemKind::certificate) return;
  for (const auto& s : sessions_) {
    if (!s || s->keys_told.empty()) continue;
    Buffer frame;
    wire::write(frame, wire::Credentials{{item.canonical}});
    hold(s->connection, std::move(frame));
  }
}

}  // namespace hub::runtime
