#include "hub/broker/apply.hpp"

#include "hub/base/check.hpp"

namespace hub::broker {
namespace {

Bytes<16> start_of_digest(const crypto::Digest& digest) {
  Bytes<16> out;
  std::memcpy(out.data(), digest.data(), out.size());
  return out;
}

class Applier {
 public:
  Applier(State& state, const RecordHead& head, Touched& touched) : state_(state), head_(head), touched_(touched) {}

  void operator()(const JournalCreated& r) {
    HUB_CHECK(head_.position.value == 0);
    state_.created = r;
  }

  void operator()(const ConfigurationChanged& r) {
    Configuration& configuration = state_.configuration;
    configuration.items[{r.item, r.id}] = r.canonical;
    ++configuration.version;
    if (r.item != registry::ItemKind::agreement)  // agreements are compiled together, by refresh()
      HUB_CHECK(configuration.registry.apply({r.item, r.id, r.canonical}).has_value());
    state_.endpoints.resize(configuration.registry.endpoint_count());
  }

  void operator()(const HubStarted&) {
    for (EndpointState& endpoint : state_.endpoints) disconnect(endpoint);
  }
  void operator()(const HubStopped&) {}
  void operator()(const BatchReceived&) {}
  void operator()(const BatchRefused&) {}
  void operator()(const StrangersRefused&) {}

  void operator()(const DocumentDecided& r) {
    const KnownDocument* known = state_.known.find(r.sender, r.id);
    if (known != nullptr && known->accepted) return;  // an id that is taken: the refusal of another content
    if (!r.accepted && r.id == Uuid{}) return;        // it could not be read: there is no id to remember
    state_.known.put(r.sender, r.id, {head_.position, start_of_digest(r.digest), r.accepted}, head_.time);
    if (!r.accepted) return;
    for (const crypto::Digest& digest : r.contents) state_.contents.refer({r.sender, digest});
    for (std::size_t i = 0; i < r.outcomes.size(); ++i)
      if (r.outcomes[i].actual) deliver(r, static_cast<std::uint8_t>(i), *r.outcomes[i].actual);
  }

  void operator()(const EndpointConnected& r) {
    EndpointState& endpoint = state_.endpoints.at(r.endpoint.value);
    state_.last_session = std::max(state_.last_session, r.session);
    endpoint.session = r.session;
    acknowledge(endpoint, r.endpoint, r.deliveries_stored);
    endpoint.receipts.acknowledge(r.receipts_stored);
    endpoint.deliveries.open({r.window_items, r.window_bytes});
    touched_.endpoint(r.endpoint);
  }

  void operator()(const EndpointDisconnected& r) {
    EndpointState& endpoint = state_.endpoints.at(r.endpoint.value);
    if (endpoint.session == r.session) disconnect(endpoint);
  }

  void operator()(const DeliveriesAcknowledged& r) {
    EndpointState& endpoint = state_.endpoints.at(r.endpoint.value);
    acknowledge(endpoint, r.endpoint, r.stored);
    endpoint.deliveries.set_window({r.window_items, r.window_bytes});
    touched_.endpoint(r.endpoint);
  }

  void operator()(const ReceiptsAcknowledged& r) {
    state_.endpoints.at(r.endpoint.value).receipts.acknowledge(r.stored);
    touched_.endpoint(r.endpoint);
  }

  void operator()(const ContentPermitted& r) { state_.contents.permit({r.sender, r.digest}, r.size, r.until); }
  void operator()(const ContentStored& r) {
    state_.contents.store({r.sender, r.digest}, UnixMicros(head_.time.value + kContentUnusedMicros));
  }
  void operator()(const ContentDropped& r) { state_.contents.drop({r.sender, r.digest}); }

  void operator()(const ScheduleReached& r) {
    while (!state_.schedule.empty() && state_.schedule.begin()->first <= r.until) {
      const ScheduledDelivery due = state_.schedule.begin()->second;
      state_.schedule.erase(state_.schedule.begin());
      state_.endpoints.at(due.recipient.value).deliveries.add(due.delivery);
      touched_.endpoint(due.recipient);
    }
  }

 private:
  static void disconnect(EndpointState& endpoint) {
    endpoint.session = SessionId(0);
    endpoint.deliveries.close();
  }

  void deliver(const DocumentDecided& r, std::uint8_t outcome_index, PartyIndex recipient) {
    const auto endpoint = state_.configuration.registry.delivery_endpoint(recipient);
    HUB_CHECK(endpoint.has_value());
    const std::uint8_t rank = std::min<std::uint8_t>(r.urgency, kUrgencies - 1);
    const PendingDelivery delivery{head_.position,   r.id,          r.conversation, r.endpoint,
                                   head_.body_bytes, outcome_index, rank,           !r.contents.empty()};
    if (r.deliver_at && *r.deliver_at > head_.time) {
      state_.schedule.emplace(*r.deliver_at, ScheduledDelivery{*endpoint, delivery});
      return;
    }
    state_.endpoints[endpoint->value].deliveries.add(delivery);
    touched_.endpoint(*endpoint);
  }

  void acknowledge(EndpointState& endpoint, EndpointIndex index, StreamSequence stored) {
    const PartyIndex recipient = state_.configuration.registry.endpoint_at(index).party;
    endpoint.deliveries.acknowledge(stored, [&](const PendingDelivery& d) {
      if (d.has_attachments) return;
      state_.endpoints[d.sender.value].receipts.add(
          {d.position, head_.position, d.id, recipient, head_.time, d.outcome_index});
      touched_.endpoint(d.sender);
    });
  }

  State& state_;
  const RecordHead& head_;
  Touched& touched_;
};

}  // namespace

void apply(State& state, const RecordHead& head, const Record& record, Touched& touched) {
  HUB_CHECK(head.position == state.end && head.time >= state.time);
  std::visit(Applier(state, head, touched), record);
  state.end = state.end.next();
  state.time = head.time;
  state.known.forget(UnixMicros(head.time.value - kHorizonMicros - kMicrosPerDay));
}

}  // namespace hub::broker
