#include "hub/ledger/projection.hpp"

#include "hub/base/error_catalogue.hpp"
#include "hub/broker/endpoint_orders.hpp"
#include "hub/broker/record_codec.hpp"
#include "hub/broker/roles.hpp"
#include "hub/ledger/columns.hpp"

namespace hub::ledger {

using sql::Statement;

// What each kind of record adds beside its row in `records`. One function a kind.
class Projector {
 public:
  Projector(Projection& projection, const broker::State& now, const broker::RecordHead& of)
      : p(projection), state(now), head(of) {}

  const registry::Registry& registry() const { return state.configuration.registry; }
  const std::string& id(EndpointIndex endpoint) const { return registry().endpoint_at(endpoint).id; }

  Result<void> operator()(const broker::JournalCreated& r) const {
    Statement& insert = p.prepared(
        "INSERT INTO meta (one, journal_id, origin, demo, position, time, root, hub_running)"
        " VALUES (1, ?, ?, ?, 0, 0, ?, 0)");
    const std::string journal_id = to_hex(p.journal_id_);
    return insert.bind(journal_id).bind(r.origin).bind(std::int64_t{r.demo}).bind(ByteView()).run();
  }

  Result<void> operator()(const broker::ConfigurationChanged& r) const { return p.registry_rows_.add(head, r); }

  Result<void> operator()(const broker::HubStarted&) const {
    if (auto ended = p.end_sessions(head, "hub-started"); !ended) return ended;
    return p.prepared("UPDATE meta SET hub_running = 1").run();
  }

  Result<void> operator()(const broker::HubStopped&) const {
    return p.prepared("UPDATE meta SET hub_running = 0").run();
  }

  Result<void> operator()(const broker::BatchReceived& r) const {
    Statement& insert = p.prepared(
        "INSERT INTO batches (position, time, endpoint, sender, key_id, count, root, signature)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    const std::string key = to_hex(r.key);
    insert.bind(column(head.position)).bind(head.time.value).bind(id(r.endpoint));
    insert.bind(registry().party_at(r.sender).id).bind(key).bind(std::int64_t{r.count});
    return insert.bind(ByteView(r.root)).bind(ByteView(r.signature)).run();
  }

  Result<void> operator()(const broker::BatchRefused& r) const {
    Statement& insert =
        p.prepared("INSERT INTO batches (position, time, endpoint, key_id, count, refusal) VALUES (?, ?, ?, ?, ?, ?)");
    const std::string key = to_hex(r.key);
    insert.bind(column(head.position)).bind(head.time.value).bind(id(r.endpoint)).bind(key);
    return insert.bind(std::int64_t{r.count}).bind(code_text(r.code)).run();
  }

  Result<void> operator()(const broker::DocumentDecided& r) const { return p.add_document(state, head, r); }

  Result<void> operator()(const broker::EndpointConnected& r) const {
    if (auto done = p.acknowledge(state, head, r.endpoint, r.deliveries_stored); !done) return done;
    Statement& insert = p.prepared(
        "INSERT INTO sessions (session, endpoint, software, connected, connected_time) VALUES (?, ?, ?, ?, ?)");
    insert.bind(column(r.session.value)).bind(id(r.endpoint)).bind(r.software);
    if (auto done = insert.bind(column(head.position)).bind(head.time.value).run(); !done) return done;
    Statement& update = p.prepared("UPDATE endpoints SET session = ?, since = ?, software = ? WHERE id = ?");
    update.bind(column(r.session.value)).bind(head.time.value).bind(r.software);
    return update.bind(id(r.endpoint)).run();
  }

  Result<void> operator()(const broker::EndpointDisconnected& r) const {
    Statement& end =
        p.prepared("UPDATE sessions SET disconnected = ?, disconnected_time = ?, reason = ? WHERE session = ?");
    end.bind(column(head.position)).bind(head.time.value).bind(r.reason);
    if (auto done = end.bind(column(r.session.value)).run(); !done) return done;
    Statement& update = p.prepared("UPDATE endpoints SET session = NULL, since = ? WHERE id = ? AND session = ?");
    return update.bind(head.time.value).bind(id(r.endpoint)).bind(column(r.session.value)).run();
  }

  Result<void> operator()(const broker::DeliveriesAcknowledged& r) const {
    return p.acknowledge(state, head, r.endpoint, r.stored);
  }

  Result<void> operator()(const broker::ReceiptsAcknowledged&) const { return {}; }

  Result<void> operator()(const broker::StrangersRefused& r) const {
    Statement& insert = p.prepared("INSERT INTO strangers (position, time, since, count) VALUES (?, ?, ?, ?)");
    insert.bind(column(head.position)).bind(head.time.value);
    return insert.bind(r.since.value).bind(column(r.count)).run();
  }

  Result<void> operator()(const broker::ScheduleReached&) const { return {}; }

  Result<void> operator()(const broker::DeliveryReported& r) const { return p.add_report(state, head, r); }
  Result<void> operator()(const broker::DeliveryFailed& r) const { return p.add_failure(state, head, r); }
  Result<void> operator()(const broker::DeliveryOrdered& r) const { return p.add_order(state, head, r); }

  Result<void> operator()(const broker::ContentPermitted& r) const {
    return p.put_content(head, registry().party_at(r.sender).id, r.digest, "permitted", r.size, {});
  }
  Result<void> operator()(const broker::ContentStored& r) const {
    return p.put_content(head, registry().party_at(r.sender).id, r.digest, "stored", r.size, {});
  }
  Result<void> operator()(const broker::ContentDropped& r) const {
    return p.put_content(head, registry().party_at(r.sender).id, r.digest, "dropped", std::nullopt, r.reason);
  }

  Result<void> operator()(const broker::ProbeRecorded&) const { return {}; }

  Result<void> operator()(const broker::BodyRead& r) const {
    Statement& insert =
        p.prepared("INSERT INTO body_readings (position, time, document, reader, reason) VALUES (?, ?, ?, ?, ?)");
    insert.bind(column(head.position)).bind(head.time.value).bind(column(r.document));
    return insert.bind(r.reader).bind(r.reason).run();
  }

  Result<void> operator()(const broker::RoleChanged& r) const {
    const std::string_view role = broker::name_of(r.role);
    Statement& insert = p.prepared(
        "INSERT INTO role_changes (position, time, action, name, role, party, actor, reason)"
        " VALUES (?, ?, ?, ?, ?, nullif(?, ''), ?, ?)");
    insert.bind(column(head.position)).bind(head.time.value).bind(broker::name_of(r.action)).bind(r.user).bind(role);
    if (auto done = insert.bind(r.party).bind(r.actor).bind(r.reason).run(); !done) return done;
    if (r.action == broker::RoleAction::revoke)
      return p.prepared("DELETE FROM users WHERE name = ? AND role = ?").bind(r.user).bind(role).run();
    Statement& user = p.prepared("INSERT INTO users (name, role, party, position) VALUES (?, ?, nullif(?, ''), ?)");
    return user.bind(r.user).bind(role).bind(r.party).bind(column(head.position)).run();
  }

  Result<void> operator()(const broker::EndpointOrdered& r) const {
    Statement& insert = p.prepared(
        "INSERT INTO endpoint_orders (position, time, endpoint, action, actor, reason) VALUES (?, ?, ?, ?, ?, ?)");
    insert.bind(column(head.position)).bind(head.time.value).bind(registry().endpoint_at(r.endpoint).id);
    return insert.bind(broker::name_of(r.action)).bind(r.actor).bind(r.reason).run();
  }

  Result<void> operator()(const broker::StorageKeyCreated& r) const {
    Statement& insert =
        p.prepared("INSERT INTO storage_keys (id, months, month, state, position) VALUES (?, ?, ?, 'in-use', ?)");
    const std::string month = format_month(r.month);
    insert.bind(std::int64_t{r.id}).bind(std::int64_t{r.months}).bind(month);
    return insert.bind(column(head.position)).run();
  }
  Result<void> operator()(const broker::StorageKeyDestroyed& r) const {
    return storage_order(r.id, "destroyed", "erase", r.proof);
  }
  Result<void> operator()(const broker::LegalHoldChanged& r) const {
    return storage_order(r.id, r.held ? "held" : "in-use", r.held ? "hold" : "release", r.proof);
  }

 private:
  Result<void> storage_order(std::uint32_t id, std::string_view state_now, std::string_view action,
                             const broker::StorageOrderProof& proof) const {
    Statement& update = p.prepared("UPDATE storage_keys SET state = ?, position = ? WHERE id = ?");
    if (auto done = update.bind(state_now).bind(column(head.position)).bind(std::int64_t{id}).run(); !done) return done;
    std::string administrators;
    for (const std::string& one : proof.administrators)
      administrators.append(administrators.empty() ? "" : " ").append(one);
    Statement& insert = p.prepared(
        "INSERT INTO storage_key_orders (position, time, id, action, administrators, reason) VALUES (?, ?, ?, ?, ?, ?)");
    insert.bind(column(head.position)).bind(head.time.value).bind(std::int64_t{id}).bind(action);
    return insert.bind(administrators).bind(proof.reason).run();
  }

  Projection& p;
  const broker::State& state;
  const broker::RecordHead& head;
};

namespace {

// What a record is about, for the list of records; nothing where a table of its own says more.
struct About {
  const registry::Registry& registry;
  using Text = std::optional<std::string>;

  Text operator()(const broker::JournalCreated& r) const { return r.origin; }
  Text operator()(const broker::ConfigurationChanged& r) const {
    return std::string(registry::kind_name(r.item)) + " " + r.id;
  }
  Text operator()(const broker::HubStarted& r) const { return r.version; }
  Text operator()(const broker::BatchReceived& r) const { return id(r.endpoint); }
  Text operator()(const broker::BatchRefused& r) const { return id(r.endpoint); }
  Text operator()(const broker::EndpointConnected& r) const { return id(r.endpoint); }
  Text operator()(const broker::EndpointDisconnected& r) const { return id(r.endpoint); }
  Text operator()(const broker::DeliveriesAcknowledged& r) const { return id(r.endpoint); }
  Text operator()(const broker::ReceiptsAcknowledged& r) const { return id(r.endpoint); }
  Text operator()(const broker::DeliveryReported& r) const { return id(r.endpoint); }
  Text operator()(const broker::DeliveryFailed& r) const { return id(r.endpoint); }
  Text operator()(const broker::DeliveryOrdered& r) const { return r.operator_id; }
  Text operator()(const broker::RoleChanged& r) const { return r.user; }
  Text operator()(const broker::EndpointOrdered& r) const { return id(r.endpoint); }
  Text operator()(const broker::ContentPermitted& r) const { return id(r.endpoint); }
  Text operator()(const broker::ContentStored& r) const { return registry.party_at(r.sender).id; }
  Text operator()(const broker::ContentDropped& r) const { return registry.party_at(r.sender).id; }
  Text operator()(const auto&) const { return std::nullopt; }

  std::string id(EndpointIndex endpoint) const { return registry.endpoint_at(endpoint).id; }
};

}  // namespace

Projection::Projection(sql::Database& database, const Bytes<16>& journal_id)
    : database_(database), journal_id_(journal_id), registry_rows_(database) {}

Statement& Projection::prepared(const char* sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<Statement>(database_, sql);
  return *statement;
}

void Projection::count(const char* subject, std::string_view name, std::int64_t change) {
  changes_[{subject, std::string(name)}] += change;
}

Result<void> Projection::flush() {
  Statement& put = prepared(
      "INSERT INTO counts (subject, name, count) VALUES (?1, ?2, ?3)"
      " ON CONFLICT (subject, name) DO UPDATE SET count = counts.count + ?3");
  for (const auto& [key, change] : changes_)
    if (auto done = put.bind(key.first).bind(key.second).bind(change).run(); !done) return done;
  changes_.clear();
  return {};
}

Result<void> Projection::add(const broker::State& state, const broker::RecordHead& head, const broker::Record& record,
                             const crypto::Digest& leaf) {
  Statement& insert =
      prepared("INSERT INTO records (position, time, kind, leaf, body_bytes, about) VALUES (?, ?, ?, ?, ?, ?)");
  insert.bind(column(head.position)).bind(head.time.value).bind(broker::name_of(broker::kind_of(record)));
  insert.bind(ByteView(leaf)).bind(std::int64_t{head.body_bytes});
  const auto about = std::visit(About{state.configuration.registry}, record);
  if (about) {
    insert.bind(*about);
  } else {
    insert.bind_null();
  }
  if (auto done = insert.run(); !done) return done;
  return std::visit(Projector(*this, state, head), record);
}

Result<void> Projection::end_sessions(const broker::RecordHead& head, std::string_view reason) {
  Statement& end =
      prepared("UPDATE sessions SET disconnected = ?, disconnected_time = ?, reason = ? WHERE disconnected IS NULL");
  if (auto done = end.bind(column(head.position)).bind(head.time.value).bind(reason).run(); !done) return done;
  return prepared("UPDATE endpoints SET session = NULL, since = ? WHERE session IS NOT NULL")
      .bind(head.time.value)
      .run();
}

}  // namespace hub::ledger
