// Documents, their outcomes and deliveries as rows.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/ledger/folding.hpp"
#include "hub/ledger/projection.hpp"

namespace hub::ledger {
namespace {

std::string facts_json(const std::vector<Fact>& facts) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const Fact& fact : facts) out[fact.name] = fact.value;
  // A fact may quote bytes that are no UTF-8.
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::optional<std::int64_t> optional_column(const std::optional<UnixMicros>& time) {
  return time ? std::optional(time->value) : std::nullopt;
}

}  // namespace

using sqlite::Statement;

Result<void> Projection::add_document(const broker::State& state, const broker::RecordHead& head,
                                      const broker::DocumentDecided& d) {
  const registry::Registry& registry = state.configuration.registry;
  Statement& insert = prepared(
      "INSERT INTO documents (position, time, id, conversation, type, sender, endpoint, subject, number, folded,"
      " urgency, document_time, deliver_at, accepted, refusal, facts, batch, batch_index, key_id, digest, envelope,"
      " body_bytes, previous_refusal)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const std::string id = to_text(d.id), conversation = to_text(d.conversation), key = to_hex(d.key);
  const std::string folded = fold(std::string(d.subject) + " " + std::string(d.number));
  const std::string facts = d.facts.empty() ? std::string() : facts_json(d.facts);
  insert.bind(column(head.position)).bind(head.time.value).bind(id).bind(conversation).bind(d.type);
  insert.bind(registry.party_at(d.sender).id).bind(registry.endpoint_at(d.endpoint).id).bind(d.subject).bind(d.number);
  insert.bind(folded).bind(std::int64_t{d.urgency}).bind(d.document_time.value).bind(optional_column(d.deliver_at));
  insert.bind(std::int64_t{d.accepted});
  if (d.refusal) {
    insert.bind(code_text(*d.refusal));
  } else {
    insert.bind_null();
  }
  if (d.facts.empty()) {
    insert.bind_null();
  } else {
    insert.bind(facts);
  }
  insert.bind(column(d.batch)).bind(std::int64_t{d.index}).bind(key).bind(ByteView(d.digest));
  insert.bind(ByteView(d.envelope)).bind(std::int64_t{head.body_bytes});
  insert.bind(d.previous_refusal ? std::optional(column(*d.previous_refusal)) : std::nullopt);
  if (auto done = insert.run(); !done) return done;

  Statement& words = prepared("INSERT INTO document_words (rowid, folded) VALUES (?, ?)");
  if (auto done = words.bind(column(head.position)).bind(folded).run(); !done) return done;
  count("documents", d.accepted ? "accepted" : "refused", 1);
  if (auto done = add_refusals(head.position, d); !done) return done;
  if (auto done = add_participants(registry, head.position, d); !done) return done;
  for (std::uint32_t i = 0; i < d.outcomes.size(); ++i)
    if (auto done = add_outcome(state, head, d, i); !done) return done;
  return {};
}

// Each code once, whether the document was refused as a whole or for some of its recipients.
Result<void> Projection::add_refusals(Position position, const broker::DocumentDecided& d) {
  std::set<std::string_view> codes;
  if (d.refusal) codes.insert(code_text(*d.refusal));
  for (const broker::Outcome& outcome : d.outcomes)
    if (!outcome.row.accepted()) codes.insert(outcome.row.outcome);
  Statement& insert = prepared("INSERT INTO refusals (code, position) VALUES (?, ?)");
  for (const std::string_view code : codes) {
    if (auto done = insert.bind(code).bind(column(position)).run(); !done) return done;
    count("refusals", code, 1);
  }
  return {};
}

Result<void> Projection::add_participants(const registry::Registry& registry, Position position,
                                          const broker::DocumentDecided& d) {
  std::set<std::pair<std::string_view, std::string_view>> roles = {{registry.party_at(d.sender).id, "sender"}};
  for (const broker::Outcome& outcome : d.outcomes) {
    roles.emplace(outcome.row.addressed, "addressed");
    if (outcome.row.actual != outcome.row.addressed && !outcome.row.actual.empty())
      roles.emplace(outcome.row.actual, "actual");
  }
  Statement& insert = prepared("INSERT INTO participants (party, position, role) VALUES (?, ?, ?)");
  for (const auto& [party, role] : roles)
    if (auto done = insert.bind(party).bind(column(position)).bind(role).run(); !done) return done;
  return {};
}

Result<void> Projection::add_outcome(const broker::State& state, const broker::RecordHead& head,
                                     const broker::DocumentDecided& d, std::uint32_t index) {
  const wire::OutcomeRow& row = d.outcomes[index].row;
  Statement& insert = prepared(
      "INSERT INTO outcomes (position, idx, addressed, actual, outcome, agreement, version, clause)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(column(head.position)).bind(std::int64_t{index}).bind(row.addressed).bind(row.actual).bind(row.outcome);
  insert.bind(row.agreement).bind(std::int64_t{row.agreement_version}).bind(row.clause);
  if (auto done = insert.run(); !done) return done;
  count("outcomes", row.outcome, 1);
  if (!d.accepted || !d.outcomes[index].actual) return {};
  const auto endpoint = state.configuration.registry.delivery_endpoint(*d.outcomes[index].actual);
  const std::string& name = state.configuration.registry.endpoint_at(*endpoint).id;
  return open_delivery({head.position, index, Position(0)}, row.actual, name, head.time);
}

Result<void> Projection::open_delivery(const DeliveryKey& key, std::string_view recipient, std::string_view endpoint,
                                       UnixMicros since) {
  Statement& insert = prepared(
      "INSERT INTO deliveries (position, idx, replay, id, recipient, endpoint, state, since, attempts)"
      " VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, 0)");
  const std::string id = delivery_id(journal_id_, key);
  insert.bind(column(key.position)).bind(std::int64_t{key.index}).bind(column(key.replay)).bind(id).bind(recipient);
  count("deliveries", "pending", 1);
  return insert.bind(endpoint).bind(since.value).run();
}

// What is in flight before the record is applied and has a sequence up to `stored` is delivered by it.
Result<void> Projection::acknowledge(const broker::State& state, const broker::RecordHead& head, EndpointIndex endpoint,
                                     StreamSequence stored) {
  const broker::DeliveryQueue& queue = state.endpoints[endpoint.value].deliveries;
  const std::string& actor = state.configuration.registry.endpoint_at(endpoint).id;
  const StreamSequence last = std::min(stored, queue.dispatched());
  for (StreamSequence s = queue.acknowledged().next(); s <= last; s = s.next()) {
    const broker::PendingDelivery& delivery = queue.at(s);
    const DeliveryKey key{delivery.position, delivery.outcome_index, Position(0)};
    if (auto done = change_state(key, "delivered", head.time); !done) return done;
    if (auto done = add_event(head, key, "delivered", actor); !done) return done;
  }
  return {};
}

Result<void> Projection::change_state(const DeliveryKey& key, std::string_view state, UnixMicros since) {
  Statement& read = prepared("SELECT state FROM deliveries WHERE position = ? AND idx = ? AND replay = ?");
  const auto row = read.bind(column(key.position)).bind(std::int64_t{key.index}).bind(column(key.replay)).step();
  if (!row) return tl::unexpected(row.error());
  HUB_CHECK(*row);
  const std::string before = read.text(0);
  read.reset();
  count("deliveries", before, -1);
  count("deliveries", state, 1);
  Statement& update =
      prepared("UPDATE deliveries SET state = ?, since = ? WHERE position = ? AND idx = ? AND replay = ?");
  update.bind(state).bind(since.value);
  return update.bind(column(key.position)).bind(std::int64_t{key.index}).bind(column(key.replay)).run();
}

Result<void> Projection::add_event(const broker::RecordHead& head, const DeliveryKey& key, std::string_view status,
                                   std::string_view actor) {
  Statement& insert = prepared(
      "INSERT INTO delivery_events (position, idx, replay, record, time, status, effective, actor)"
      " VALUES (?, ?, ?, ?, ?, ?, 1, ?)");
  insert.bind(column(key.position)).bind(std::int64_t{key.index}).bind(column(key.replay)).bind(column(head.position));
  return insert.bind(head.time.value).bind(status).bind(actor).run();
}

}  // namespace hub::ledger
