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
    HUB_CHECK(register_item(configuration, {r.item, r.id, r.canonical}).has_value());
    state_.endpoints.resize(configuration.registry.endpoint_count());
  }

  void operator()(const HubStarted&) {
    for (EndpointState& endpoint : state_.endpoints) disconnect(endpoint);
  }
  void operator()(const HubStopped&) {}
  void operator()(const BatchReceived&) {}
  void operator()(const BatchRefused&) {}
  void operator()(const StrangersRefused&) {}
  void operator()(const ProbeRecorded&) {}
  void operator()(const BodyRead&) {}
  void operator()(const RoleChanged& r) {
    if (r.action == RoleAction::grant) {
      state_.users.grant(r.user, r.role, r.party, head_.position);
    } else {
      state_.users.revoke(r.user, r.role, head_.position);
    }
  }

  void operator()(const EndpointOrdered& r) {
    EndpointState& endpoint = state_.endpoints.at(r.endpoint.value);
    endpoint.last_order = head_.position;
    if (r.action == EndpointAction::pause) {
      endpoint.deliveries.pause();
    } else {
      endpoint.deliveries.resume();
      touched_.endpoint(r.endpoint);
    }
  }

  void operator()(const DocumentDecided& r) {
    const KnownDocument* known = state_.known.find(r.sender, r.id);
    const bool is_taken = known != nullptr && known->accepted && !r.earlier_acceptance;
    if (is_taken) return;  // the refusal of another content
    if (!r.accepted && r.id == Uuid{}) return;        // it could not be read: there is no id to remember
    state_.known.put(r.sender, r.id, {head_.position, start_of_digest(r.digest), r.accepted}, head_.time);
    if (!r.accepted) return;
    for (const crypto::Digest& digest : r.contents) state_.contents.refer({r.sender, digest}, head_.body_key);
    for (std::size_t i = 0; i < r.outcomes.size(); ++i)
      if (r.outcomes[i].actual) deliver(r, static_cast<std::uint8_t>(i), *r.outcomes[i].actual);
    for (const wire::DeliveryKey& recalled : r.recalls)
      if (DeliveryEntry* entry = state_.book.find(recalled.document, recalled.outcome_index))
        if (request_recall(entry->state)) changed(*entry);
  }

  void operator()(const EndpointConnected& r) {
    EndpointState& endpoint = state_.endpoints.at(r.endpoint.value);
    state_.last_session = std::max(state_.last_session, r.session);
    endpoint.session = r.session;
    acknowledge(endpoint, r.endpoint, r.deliveries_stored);
    endpoint.receipts.acknowledge(r.receipts_stored);
    endpoint.deliveries.leave_out(
        [this](const PendingDelivery& d) { return state_.storage_keys.is_destroyed(d.body_key); });
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

  void operator()(const StorageKeyCreated& r) {
    state_.storage_keys.create(r.id, r.months, r.month, head_.position);
  }
  void operator()(const LegalHoldChanged& r) { state_.storage_keys.set_hold(r.id, r.held, head_.position); }

  // What waits is taken out; what was on its way to an endpoint that is gone is left out when it comes back. The
  // deliveries themselves are given up by records of their own.
  void operator()(const StorageKeyDestroyed& r) {
    state_.storage_keys.destroy(r.id, head_.position);
    for (EndpointState& endpoint : state_.endpoints) endpoint.deliveries.remove_erased(r.id);
    for (const DeliveryEntry& entry : state_.book.entries())
      if (entry.body_key == r.id) state_.book.find(entry.origin, entry.outcome_index)->state.retrying = false;
    std::erase_if(state_.schedule, [&](const auto& one) { return one.second.delivery.body_key == r.id; });
    state_.contents.release(r.id, head_.time);
  }

  void operator()(const ScheduleReached& r) {
    while (!state_.schedule.empty() && state_.schedule.begin()->first <= r.until) {
      const ScheduledDelivery due = state_.schedule.begin()->second;
      state_.schedule.erase(state_.schedule.begin());
      DeliveryEntry* entry = state_.book.find(due.delivery.key().origin(), due.delivery.outcome_index);
      const bool is_over = entry != nullptr && (entry->sending != due.delivery.sending || !resume(entry->state));
      if (!is_over) queue(due);
    }
  }

  void operator()(const DeliveryReported& r) {
    DeliveryEntry& entry = entry_of(r.delivery);
    if (!r.effective) {
      ++entry.without_effect;
      return;
    }
    const Step step = report(entry.state, r.status);
    HUB_CHECK(step.kind == Step::Kind::changes);
    entry.state = step.next;
    changed(entry);
    tell_sender(entry, r.status, std::string(r.reason));
  }

  void operator()(const DeliveryFailed& r) {
    DeliveryEntry& entry = entry_of(r.delivery);
    const Step step = fail_delivery(entry.state, !r.retry_at);
    HUB_CHECK(step.kind == Step::Kind::changes);
    entry.state = step.next;
    entry.attempts = static_cast<std::uint8_t>(r.attempt);
    ++entry.sending;
    changed(entry);
    if (r.retry_at) {
      state_.schedule.emplace(*r.retry_at, ScheduledDelivery{entry.recipient, pending(entry)});
    } else {
      tell_sender(entry, DeliveryStatus::failed, failure_reason(r));
    }
  }

  void operator()(const DeliveryOrdered& r) {
    DeliveryEntry& entry = entry_of(r.delivery);
    if (r.action == OrderAction::retry) {
      HUB_CHECK(can_retry(entry.state));
      entry.state.status = DeliveryStatus::pending;
      entry.state.retrying = false;
      entry.attempts = 0;
      ++entry.sending;
      changed(entry);
      queue({entry.recipient, pending(entry)});
      return;
    }
    const bool is_replay = r.action == OrderAction::replay;
    HUB_CHECK(is_replay ? can_replay(entry.state) : can_stop(entry.state));
    state_.endpoints.at(entry.recipient.value).deliveries.remove(entry.sender, entry.conversation, entry.key());
    entry.state = {is_replay ? DeliveryStatus::replayed : DeliveryStatus::stopped};
    changed(entry);
    tell_sender(entry, entry.state.status, r.reason);
    if (is_replay) begin_replay(DeliveryEntry(entry));
  }

 private:
  static void disconnect(EndpointState& endpoint) {
    endpoint.session = SessionId(0);
    endpoint.deliveries.close();
  }

  static std::string failure_reason(const DeliveryFailed& r) {
    std::string out(r.cause);
    if (!r.detail.empty()) out.append(": ").append(r.detail);
    if (out.size() > wire::kReasonBytesMax) out.resize(utf8_prefix(out, wire::kReasonBytesMax));
    return out;
  }

  DeliveryEntry& entry_of(const wire::DeliveryKey& key) {
    DeliveryEntry* entry = state_.book.find(key.origin(), key.outcome_index);
    HUB_CHECK(entry != nullptr && entry->document == key.document);
    return *entry;
  }
  void changed(DeliveryEntry& entry) {
    entry.last_record = head_.position;
    entry.since = head_.time;
  }
  static PendingDelivery pending(const DeliveryEntry& e) {
    return {e.document,        e.id,      e.conversation, e.sender,      e.document_bytes, e.outcome_index, e.urgency,
            e.has_attachments, e.sending, e.key().replay,  /*queued_s=*/0, e.body_key};
  }
  void queue(ScheduledDelivery delivery) {
    delivery.delivery.queued_s = static_cast<std::uint32_t>(head_.time.value / kMicrosPerSecond);
    state_.endpoints.at(delivery.recipient.value).deliveries.add(delivery.delivery);
    touched_.endpoint(delivery.recipient);
  }
  void tell_sender(const DeliveryEntry& entry, DeliveryStatus status, std::string reason) {
    const PartyIndex recipient = state_.configuration.registry.endpoint_at(entry.recipient).party;
    state_.endpoints.at(entry.sender.value)
        .receipts.add({entry.document, head_.position, entry.id, recipient, head_.time, entry.outcome_index, status,
                       std::move(reason)});
    touched_.endpoint(entry.sender);
  }

  // Where the recipient's deliveries go now: the one that it is about may have gone to an endpoint that is no more.
  void begin_replay(DeliveryEntry entry) {
    const registry::Registry& registry = state_.configuration.registry;
    entry.origin = head_.position;
    entry.recipient =
        registry.delivery_endpoint(registry.endpoint_at(entry.recipient).party).value_or(entry.recipient);
    entry.sending = 0;
    entry.attempts = entry.without_effect = 0;
    entry.state = {};
    state_.book.add(entry);
    queue({entry.recipient, pending(entry)});
  }

  void deliver(const DocumentDecided& r, std::uint8_t outcome_index, PartyIndex recipient) {
    const auto endpoint = state_.configuration.registry.delivery_endpoint(recipient);
    HUB_CHECK(endpoint.has_value());
    const std::uint8_t rank = std::min<std::uint8_t>(r.urgency, kUrgencies - 1);
    DeliveryEntry entry;
    entry.origin = entry.document = entry.last_record = head_.position;
    entry.since = head_.time;
    entry.id = r.id;
    entry.conversation = r.conversation;
    entry.sender = r.endpoint;
    entry.recipient = *endpoint;
    entry.document_bytes = head_.body_bytes;
    entry.body_key = head_.body_key;
    entry.outcome_index = outcome_index;
    entry.urgency = rank;
    entry.has_attachments = !r.contents.empty();
    state_.book.add(entry);
    if (r.deliver_at && *r.deliver_at > head_.time) {
      state_.schedule.emplace(*r.deliver_at, ScheduledDelivery{*endpoint, pending(entry)});
    } else {
      queue({*endpoint, pending(entry)});
    }
  }

  void acknowledge(EndpointState& endpoint, EndpointIndex index, StreamSequence stored) {
    const PartyIndex recipient = state_.configuration.registry.endpoint_at(index).party;
    endpoint.deliveries.acknowledge(stored, [&](const PendingDelivery& d) {
      if (d.has_attachments) return;  // that it is there with them, its endpoint reports
      DeliveryEntry* entry = state_.book.find(d.key().origin(), d.outcome_index);
      if (entry != nullptr) {  // else it was on its way for so long that the book has dropped it
        const bool says_nothing = entry->sending != d.sending || !broker::acknowledge(entry->state);
        if (says_nothing) return;
        changed(*entry);
      }
      state_.endpoints[d.sender.value].receipts.add({d.position, head_.position, d.id, recipient, head_.time,
                                                     d.outcome_index, DeliveryStatus::delivered, {}});
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
  state.book.forget(head.time);
}

}  // namespace hub::broker
