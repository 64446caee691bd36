#include "hub/broker/state_codec.hpp"

#include "hub/broker/state_bytes.hpp"

namespace hub::broker {
namespace {

// Each `fields` is read and written by the same lines: with a StateWriter the part is constant, with a StateReader it
// is filled.

template <class Io, class Part>
void fields_of_delivery(Io& io, Part& d) {
  io(d.position, d.id, d.conversation, d.sender, d.document_bytes, d.outcome_index, d.urgency, d.has_attachments,
     d.sending, d.replay, d.queued_s, d.body_key);
}

template <class Io, class Part>
void fields_of_entry(Io& io, Part& e) {
  io(e.origin, e.document, e.last_record, e.since, e.id, e.conversation, e.sender, e.recipient, e.document_bytes,
     e.body_key, e.sending, e.outcome_index, e.urgency, e.attempts, e.without_effect, e.has_attachments);
  io(e.state.status, e.state.recall_requested, e.state.recall_refused, e.state.retrying);
}

template <class Io, class Part>
void fields_of_receipt(Io& io, Part& r) {
  io(r.document, r.record, r.id, r.recipient, r.time, r.outcome_index, r.status, r.reason);
}

template <class Io, class Part>
void fields_of_known(Io& io, Part& d) {
  io(d.position, d.digest_start, d.accepted);
}

template <class Io, class Part>
void fields_of_content(Io& io, Part& c) {
  io(c.size, c.until, c.stored, c.referred, c.released);
}

template <class Io, class Part>
void fields_of_storage_key(Io& io, Part& k) {
  io(k.months, k.month, k.last_record, k.held, k.destroyed);
}

template <class Io, class Part>
void fields_of_user(Io& io, Part& u) {
  io(u.since, u.roles, u.party);
}

template <class Io, class Part>
void fields_of_item(Io& io, Part& i) {
  io(i.kind, i.id, i.canonical);
}

template <class Io, class Part>
void fields_of_state(Io& io, Part& s) {
  io(s.created.origin, s.created.tree_key, s.created.demo, s.end, s.time, s.last_session);
}

// What lies outside these would be used as an index.
struct Bounds {
  std::size_t parties = 0, endpoints = 0;

  bool hold(const PendingDelivery& d) const { return d.sender.value < endpoints && d.urgency < kUrgencies; }
  bool hold(const DeliveryEntry& e) const {
    return e.sender.value < endpoints && e.recipient.value < endpoints && e.urgency < kUrgencies;
  }
  bool hold(const PendingReceipt& r) const { return r.recipient.value < parties; }
};

void write(StateWriter& w, const JournalCreated& created) {
  w.count(created.administrators.size());
  for (const crypto::PublicKey& key : created.administrators) w(key);
}
void read(StateReader& r, JournalCreated& created) {
  created.administrators.resize(r.count());
  for (crypto::PublicKey& key : created.administrators) r(key);
}

// The registry's items in the order of their records, from which indexes follow; of agreements the newest.
void write(StateWriter& w, const Configuration& configuration) {
  w.count(configuration.registered.size());
  for (const registry::Item& item : configuration.registered) fields_of_item(w, item);
  std::vector<registry::Item> agreements;
  for (const auto& [item, canonical] : configuration.items)
    if (item.first == registry::ItemKind::agreement) agreements.push_back({item.first, item.second, canonical});
  w.count(agreements.size());
  for (const registry::Item& item : agreements) fields_of_item(w, item);
}
void read(StateReader& r, Configuration& configuration) {
  for (const bool are_agreements : {false, true}) {
    const std::uint64_t count = r.count();
    for (std::uint64_t i = 0; i < count && r.ok(); ++i) {
      registry::Item item;
      fields_of_item(r, item);
      r.require(can_be_registered(item.kind) && (item.kind == registry::ItemKind::agreement) == are_agreements);
      if (r.ok()) r.require(register_item(configuration, item).has_value());
    }
  }
}

void write(StateWriter& w, const std::vector<PendingDelivery>& deliveries) {
  w.count(deliveries.size());
  for (const PendingDelivery& delivery : deliveries) fields_of_delivery(w, delivery);
}
void read(StateReader& r, std::vector<PendingDelivery>& deliveries, const Bounds& bounds) {
  deliveries.resize(r.count());
  for (PendingDelivery& delivery : deliveries) {
    fields_of_delivery(r, delivery);
    r.require(bounds.hold(delivery));
  }
}

void write(StateWriter& w, const DeliveryQueue& queue) {
  const DeliveryQueueImage image = queue.image();
  w(image.open, image.paused, image.window.items, image.window.bytes, image.acknowledged, image.passed_over[0], image.passed_over[1],
    image.passed_over[2], image.passed_over[3]);
  write(w, image.in_flight);
  write(w, image.waiting);
}
void read(StateReader& r, DeliveryQueue& queue, const Bounds& bounds) {
  DeliveryQueueImage image;
  r(image.open, image.paused, image.window.items, image.window.bytes, image.acknowledged, image.passed_over[0], image.passed_over[1],
    image.passed_over[2], image.passed_over[3]);
  read(r, image.in_flight, bounds);
  read(r, image.waiting, bounds);
  if (r.ok()) queue = DeliveryQueue::from(image);
}

void write(StateWriter& w, const ReceiptQueue& queue) {
  w(queue.acknowledged());
  w.count(queue.last().value - queue.acknowledged().value);
  for (auto s = queue.acknowledged().next(); s <= queue.last(); s = s.next()) fields_of_receipt(w, queue.at(s));
}
void read(StateReader& r, ReceiptQueue& queue, const Bounds& bounds) {
  StreamSequence acknowledged;
  r(acknowledged);
  queue = ReceiptQueue(acknowledged);
  const std::uint64_t count = r.count();
  for (std::uint64_t i = 0; i < count && r.ok(); ++i) {
    PendingReceipt receipt;
    fields_of_receipt(r, receipt);
    r.require(bounds.hold(receipt));
    queue.add(receipt);
  }
}

void write(StateWriter& w, const std::vector<EndpointState>& endpoints) {
  w.count(endpoints.size());
  for (const EndpointState& endpoint : endpoints) {
    w(endpoint.session, endpoint.last_order);
    write(w, endpoint.deliveries);
    write(w, endpoint.receipts);
  }
}
void read(StateReader& r, std::vector<EndpointState>& endpoints, const Bounds& bounds) {
  r.require(r.count() == bounds.endpoints);
  for (std::size_t i = 0; i < endpoints.size() && r.ok(); ++i) {
    r(endpoints[i].session, endpoints[i].last_order);
    read(r, endpoints[i].deliveries, bounds);
    read(r, endpoints[i].receipts, bounds);
  }
}

void write(StateWriter& w, const Deduplication& known) {
  w.count(known.size());
  known.for_each([&](UnixMicros put, PartyIndex party, const Uuid& id, const KnownDocument& document) {
    w(put, party, id);
    fields_of_known(w, document);
  });
}
void read(StateReader& r, Deduplication& known) {
  const std::uint64_t count = r.count();
  known.reserve(count);
  for (std::uint64_t i = 0; i < count && r.ok(); ++i) {
    UnixMicros put;
    PartyIndex party;
    Uuid id;
    KnownDocument document;
    r(put, party, id);
    fields_of_known(r, document);
    known.put(party, id, document, put);
  }
  r.require(known.size() == count);
}

void write(StateWriter& w, const DeliveryBook& book) {
  w.count(book.size());
  for (const DeliveryEntry& entry : book.entries()) fields_of_entry(w, entry);
}
void read(StateReader& r, DeliveryBook& book, const Bounds& bounds, UnixMicros time) {
  book.forget(time);  // it was swept for the day of the last record
  const std::uint64_t count = r.count();
  book.reserve(count);
  for (std::uint64_t i = 0; i < count && r.ok(); ++i) {
    DeliveryEntry entry;
    fields_of_entry(r, entry);
    r.require(bounds.hold(entry) && book.can_add(entry));
    if (r.ok()) book.add(entry);
  }
}

void write(StateWriter& w, const std::multimap<UnixMicros, ScheduledDelivery>& schedule) {
  w.count(schedule.size());
  for (const auto& [time, scheduled] : schedule) {
    w(time, scheduled.recipient);
    fields_of_delivery(w, scheduled.delivery);
  }
}
void read(StateReader& r, std::multimap<UnixMicros, ScheduledDelivery>& schedule, const Bounds& bounds) {
  const std::uint64_t count = r.count();
  for (std::uint64_t i = 0; i < count && r.ok(); ++i) {
    UnixMicros time;
    ScheduledDelivery scheduled;
    r(time, scheduled.recipient);
    fields_of_delivery(r, scheduled.delivery);
    r.require(scheduled.recipient.value < bounds.endpoints && bounds.hold(scheduled.delivery));
    schedule.emplace_hint(schedule.end(), time, scheduled);
  }
}

void write(StateWriter& w, const Contents& contents) {
  std::uint64_t count = 0;
  contents.for_each([&](const ContentKey&, const Content&) { ++count; });
  w.count(count);
  contents.for_each([&](const ContentKey& key, const Content& content) {
    w(key.sender, key.digest);
    fields_of_content(w, content);
    w.count(content.body_keys.size());
    for (const std::uint32_t body_key : content.body_keys) w(body_key);
  });
}
void read(StateReader& r, Contents& contents) {
  const std::uint64_t count = r.count();
  for (std::uint64_t i = 0; i < count && r.ok(); ++i) {
    ContentKey key;
    Content content;
    r(key.sender, key.digest);
    fields_of_content(r, content);
    content.body_keys.resize(r.count());
    for (std::uint32_t& body_key : content.body_keys) r(body_key);
    r.require(contents.find(key) == nullptr && (content.stored || !content.referred) &&
              content.referred == !content.body_keys.empty() && !(content.referred && content.released));
    if (r.ok()) contents.restore(key, content);
  }
}

void write(StateWriter& w, const StorageKeys& keys) {
  w.count(keys.all().size());
  for (const StorageKey& key : keys.all()) fields_of_storage_key(w, key);
}
void read(StateReader& r, StorageKeys& keys) {
  const std::uint64_t count = r.count();
  for (std::uint64_t i = 0; i < count && r.ok(); ++i) {
    StorageKey key;
    fields_of_storage_key(r, key);
    r.require(keys.find(key.months, key.month) == nullptr && !(key.held && key.destroyed));
    if (r.ok()) keys.restore(key);
  }
}

void write(StateWriter& w, const Users& users) {
  w(users.last_change());
  w.count(users.size());
  for (const auto& [name, user] : users.all()) {
    w(name);
    fields_of_user(w, user);
  }
}
void read(StateReader& r, Users& users) {
  Position last_change;
  r(last_change);
  users.restore_last_change(last_change);
  const std::uint64_t count = r.count();
  for (std::uint64_t i = 0; i < count && r.ok(); ++i) {
    std::string name;
    User user;
    r(name);
    fields_of_user(r, user);
    if (r.ok()) r.require(users.restore(name, std::move(user)));
  }
}

}  // namespace

Buffer encode_state(const State& state) {
  Buffer out;
  StateWriter w(out);
  fields_of_state(w, state);
  write(w, state.created);
  write(w, state.configuration);
  write(w, state.endpoints);
  write(w, state.known);
  write(w, state.book);
  write(w, state.schedule);
  write(w, state.contents);
  write(w, state.storage_keys);
  write(w, state.users);
  return out;
}

bool decode_state(ByteView bytes, State& state) {
  StateReader r(bytes);
  fields_of_state(r, state);
  read(r, state.created);
  read(r, state.configuration);
  const registry::Registry& registry = state.configuration.registry;
  const Bounds bounds{registry.party_count(), registry.endpoint_count()};
  state.endpoints.resize(bounds.endpoints);
  read(r, state.endpoints, bounds);
  read(r, state.known);
  read(r, state.book, bounds, state.time);
  read(r, state.schedule, bounds);
  read(r, state.contents);
  read(r, state.storage_keys);
  read(r, state.users);
  return r.ok() && r.at_end();
}

}  // namespace hub::broker
