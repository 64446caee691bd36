// What becomes of deliveries, as rows: their state, and each event of their history. The state that follows is asked of
// the broker's own rules, on a copy, so that the ledger never has a rule of its own.
#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/broker/decide.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/projection.hpp"

namespace hub::ledger {
namespace {

sql::Statement& bind_key(sql::Statement& statement, const DeliveryKey& key) {
  return statement.bind(column(key.document)).bind(std::int64_t{key.outcome_index}).bind(column(key.replay));
}

void bind_text(sql::Statement& statement, std::string_view text) {
  if (text.empty()) {
    statement.bind_null();
  } else {
    statement.bind(text);
  }
}

}  // namespace

using sql::Statement;

Result<void> Projection::open_delivery(const DeliveryKey& key, std::string_view recipient, std::string_view endpoint,
                                       UnixMicros since) {
  Statement& insert = prepared(
      "INSERT INTO deliveries (position, idx, replay, id, recipient, endpoint, state, since, attempts)"
      " VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, 0)");
  const std::string id = wire::delivery_id(journal_id_, key);
  bind_key(insert, key).bind(id).bind(recipient);
  count("deliveries", "pending", 1);
  return insert.bind(endpoint).bind(since.value).run();
}

// Before the record is applied. It lists what it finishes itself only since that is written down.
Result<void> Projection::acknowledge(const broker::State& state, const broker::RecordHead& head, EndpointIndex endpoint,
                                     StreamSequence stored) {
  const std::string& actor = state.configuration.registry.endpoint_at(endpoint).id;
  for (const wire::DeliveryKey& delivery : broker::finished_by(state, endpoint, stored)) {
    if (auto done = change_state(delivery, "delivered", head.time); !done) return done;
    if (auto done = add_event(head, delivery, {"delivered", true, std::nullopt, {}, {}, actor}); !done) return done;
  }
  return {};
}

Result<void> Projection::add_report(const broker::State& state, const broker::RecordHead& head,
                                    const broker::DeliveryReported& r) {
  const std::string& actor = state.configuration.registry.endpoint_at(r.endpoint).id;
  const bool moves = r.effective && r.status != wire::DeliveryStatus::recall_refused;
  if (moves)
    if (auto done = change_state(r.delivery, wire::name_of(r.status), head.time); !done) return done;
  return add_event(head, r.delivery,
                   {wire::name_of(r.status), r.effective, r.reported_at, /*cause=*/{}, r.reason, actor});
}

Result<void> Projection::add_failure(const broker::State& state, const broker::RecordHead& head,
                                     const broker::DeliveryFailed& r) {
  const std::string& actor = state.configuration.registry.endpoint_at(r.endpoint).id;
  const std::string_view after = r.retry_at ? "pending" : "failed";
  if (auto done = change_state(r.delivery, after, head.time); !done) return done;
  if (auto done = set_failure(r.delivery, r.attempt, r.cause, r.detail); !done) return done;
  return add_event(head, r.delivery,
                   {r.retry_at ? "attempt-failed" : "failed", true, std::nullopt, r.cause, r.detail, actor});
}

Result<void> Projection::add_order(const broker::State& state, const broker::RecordHead& head,
                                   const broker::DeliveryOrdered& r) {
  const broker::DeliveryEntry* entry = state.book.find(r.delivery.origin(), r.delivery.outcome_index);
  HUB_CHECK(entry != nullptr);
  const registry::Registry& registry = state.configuration.registry;
  const std::string actors = r.approver.empty() ? r.operator_id : r.operator_id + " " + r.approver;
  const auto record = [&](std::string_view after, std::string_view status) -> Result<void> {
    if (auto done = change_state(r.delivery, after, head.time); !done) return done;
    return add_event(head, r.delivery, {status, true, std::nullopt, /*cause=*/{}, r.reason, actors});
  };
  switch (r.action) {
    case broker::OrderAction::retry: {
      if (auto done = record("pending", "retry-ordered"); !done) return done;
      return set_failure(r.delivery, 0, {}, {});
    }
    case broker::OrderAction::stop: return record("stopped", "stopped");
    case broker::OrderAction::replay: break;
  }
  if (auto done = record("replayed", "replayed"); !done) return done;
  const PartyIndex recipient = registry.endpoint_at(entry->recipient).party;
  const EndpointIndex endpoint = registry.delivery_endpoint(recipient).value_or(entry->recipient);
  return open_delivery({r.delivery.document, r.delivery.outcome_index, head.position}, registry.party_at(recipient).id,
                       registry.endpoint_at(endpoint).id, head.time);
}

Result<void> Projection::add_recalls(const broker::State& state, const broker::RecordHead& head,
                                     const broker::DocumentDecided& d) {
  const std::string& actor = state.configuration.registry.endpoint_at(d.endpoint).id;
  for (const DeliveryKey& recalled : d.recalls) {
    const broker::DeliveryEntry* entry = state.book.find(recalled.document, recalled.outcome_index);
    if (entry == nullptr) continue;
    broker::DeliveryState after = entry->state;
    if (!broker::request_recall(after)) continue;
    if (auto done = add_event(head, entry->key(), {"recall-requested", true, std::nullopt, {}, {}, actor}); !done) return done;
  }
  return {};
}

Result<void> Projection::change_state(const DeliveryKey& key, std::string_view state, UnixMicros since) {
  Statement& read = prepared("SELECT state FROM deliveries WHERE position = ? AND idx = ? AND replay = ?");
  const auto row = bind_key(read, key).step();
  if (!row) return tl::unexpected(row.error());
  HUB_CHECK(*row);
  const std::string before = read.text(0);
  read.reset();
  count("deliveries", before, -1);
  count("deliveries", state, 1);
  Statement& update =
      prepared("UPDATE deliveries SET state = ?, since = ? WHERE position = ? AND idx = ? AND replay = ?");
  return bind_key(update.bind(state).bind(since.value), key).run();
}

Result<void> Projection::set_failure(const DeliveryKey& key, std::uint32_t attempts, std::string_view cause,
                                     std::string_view detail) {
  Statement& update = prepared(
      "UPDATE deliveries SET attempts = ?, cause = ?, detail = ? WHERE position = ? AND idx = ? AND replay = ?");
  update.bind(std::int64_t{attempts});
  bind_text(update, cause);
  bind_text(update, detail);
  return bind_key(update, key).run();
}

Result<void> Projection::add_event(const broker::RecordHead& head, const DeliveryKey& key, const EventRow& event) {
  Statement& insert = prepared(
      "INSERT INTO delivery_events (position, idx, replay, record, time, status, effective, reported_time, cause,"
      " reason, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  bind_key(insert, key).bind(column(head.position)).bind(head.time.value).bind(event.status);
  insert.bind(std::int64_t{event.effective});
  insert.bind(event.reported_at ? std::optional(event.reported_at->value) : std::nullopt);
  for (const std::string_view text : {event.cause, event.reason, event.actor}) bind_text(insert, text);
  return insert.run();
}

Result<void> Projection::put_content(const broker::RecordHead& head, std::string_view party,
                                     const crypto::Digest& digest, std::string_view state,
                                     std::optional<std::uint64_t> size, std::string_view reason) {
  Statement& put = prepared(
      "INSERT INTO contents (party, digest, size, state, position, time, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT (party, digest) DO UPDATE SET size = coalesce(?3, contents.size), state = ?4, position = ?5, time = ?6,"
      " reason = ?7");
  put.bind(party).bind(ByteView(digest));
  put.bind(size ? std::optional(column(*size)) : std::nullopt);
  put.bind(state).bind(column(head.position)).bind(head.time.value);
  bind_text(put, reason);
  return put.run();
}

}  // namespace hub::ledger
