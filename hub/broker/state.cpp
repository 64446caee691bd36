#include "hub/broker/state.hpp"

#include "hub/base/check.hpp"

namespace hub::broker {
namespace {

// Adds values to a digest in a fixed order and form.
class Hasher {
 public:
  template <class T>
  void number(T value) {
    Bytes<8> bytes{};
    store_le(bytes.data(), static_cast<std::uint64_t>(value));
    sha_.add(bytes);
  }
  void bytes(ByteView value) {
    number(value.size());
    sha_.add(value);
  }
  crypto::Digest finish() { return sha_.finish(); }

 private:
  crypto::Sha256 sha_;
};

// Combines the digests of things that have no order: their sum, in 64-bit words.
class Unordered {
 public:
  void add(const crypto::Digest& digest) {
    for (std::size_t i = 0; i < 4; ++i) sum_[i] += load_le<std::uint64_t>(digest.data() + 8 * i);
    ++count_;
  }
  void into(Hasher& hasher) const {
    hasher.number(count_);
    for (const std::uint64_t word : sum_) hasher.number(word);
  }

 private:
  std::array<std::uint64_t, 4> sum_{};
  std::uint64_t count_ = 0;
};

void add_delivery(Hasher& h, const PendingDelivery& d) {
  h.number(d.position.value);
  h.bytes(d.id.bytes);
  h.bytes(d.conversation.bytes);
  h.number(d.sender.value);
  h.number(d.document_bytes);
  h.number(d.outcome_index);
  h.number(d.urgency);
  h.number(d.has_attachments ? 1 : 0);
  h.number(d.sending);
  h.number(d.replay.value);
}

void add_entry(Hasher& h, const DeliveryEntry& e) {
  h.number(e.origin.value);
  h.number(e.document.value);
  h.number(e.last_record.value);
  h.number(e.since.value);
  h.bytes(e.id.bytes);
  h.bytes(e.conversation.bytes);
  h.number(e.sender.value);
  h.number(e.recipient.value);
  h.number(e.document_bytes);
  h.number(e.sending);
  h.number(e.outcome_index);
  h.number(e.urgency);
  h.number(e.attempts);
  h.number(e.without_effect);
  h.number(e.has_attachments ? 1 : 0);
  h.number(static_cast<std::uint64_t>(e.state.status));
  h.number((e.state.recall_requested ? 1 : 0) | (e.state.recall_refused ? 2 : 0) | (e.state.retrying ? 4 : 0));
}

void add_endpoint(Hasher& h, const EndpointState& endpoint) {
  h.number(endpoint.session.value);
  const DeliveryQueue& queue = endpoint.deliveries;
  h.number(queue.acknowledged().value);
  h.number(queue.dispatched().value);
  h.number(queue.window().items);
  h.number(queue.window().bytes);
  for (auto s = queue.acknowledged().next(); s <= queue.dispatched(); s = s.next()) add_delivery(h, queue.at(s));
  Unordered pending;
  queue.for_each_conversation([&](std::span<const PendingDelivery> deliveries) {
    Hasher one;
    for (const PendingDelivery& d : deliveries) add_delivery(one, d);
    pending.add(one.finish());
  });
  pending.into(h);
  const ReceiptQueue& receipts = endpoint.receipts;
  h.number(receipts.acknowledged().value);
  for (auto s = receipts.acknowledged().next(); s <= receipts.last(); s = s.next()) {
    const PendingReceipt& r = receipts.at(s);
    h.number(r.document.value);
    h.number(r.record.value);
    h.bytes(r.id.bytes);
    h.number(r.recipient.value);
    h.number(r.time.value);
    h.number(r.outcome_index);
    h.number(static_cast<std::uint64_t>(r.status));
    h.bytes(as_bytes(r.reason));
  }
}

}  // namespace

void refresh(Configuration& configuration) {
  if (configuration.table_version == configuration.version) return;
  std::vector<agreements::Agreement> agreements;
  for (const auto& [item, canonical] : configuration.items) {
    if (item.first != registry::ItemKind::agreement) continue;
    auto agreement = agreements::parse_canonical(canonical);
    HUB_CHECK(agreement.has_value());  // it was checked before it became a record
    agreements.push_back(std::move(*agreement));
  }
  auto table = agreements::DecisionTable::compile(configuration.registry, std::move(agreements));
  HUB_CHECK(table.has_value());
  configuration.table = std::move(*table);
  configuration.table_version = configuration.version;
}

crypto::Digest state_hash(const State& state) {
  Hasher h;
  h.bytes(as_bytes(state.created.origin));
  h.bytes(state.created.tree_key);
  h.number(state.created.administrators.size());
  for (const crypto::PublicKey& key : state.created.administrators) h.bytes(key);
  h.number(state.created.demo ? 1 : 0);
  h.number(state.end.value);
  h.number(state.time.value);
  h.number(state.last_session.value);
  for (const auto& [item, canonical] : state.configuration.items) {
    h.number(static_cast<std::uint64_t>(item.first));
    h.bytes(as_bytes(item.second));
    h.bytes(as_bytes(canonical));
  }
  Unordered known;
  state.known.for_each([&](PartyIndex party, const Uuid& id, const KnownDocument& document) {
    Hasher one;
    one.number(party.value);
    one.bytes(id.bytes);
    one.number(document.position.value);
    one.bytes(document.digest_start);
    one.number(document.accepted ? 1 : 0);
    known.add(one.finish());
  });
  known.into(h);
  for (const EndpointState& endpoint : state.endpoints) add_endpoint(h, endpoint);
  h.number(state.book.size());
  for (const DeliveryEntry& entry : state.book.entries()) add_entry(h, entry);
  for (const auto& [time, scheduled] : state.schedule) {
    h.number(time.value);
    h.number(scheduled.recipient.value);
    add_delivery(h, scheduled.delivery);
  }
  state.contents.for_each([&](const ContentKey& key, const Content& content) {
    h.number(key.sender.value);
    h.bytes(key.digest);
    h.number(content.size);
    h.number(content.until.value);
    h.number((content.stored ? 1u : 0u) | (content.referred ? 2u : 0u));
  });
  return h.finish();
}

}  // namespace hub::broker
