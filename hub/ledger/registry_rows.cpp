#include "hub/ledger/registry_rows.hpp"

#include <nlohmann/json.hpp>

#include "hub/agreements/agreement.hpp"
#include "hub/ledger/columns.hpp"
#include "hub/registry/credentials.hpp"
#include "hub/registry/party.hpp"

namespace hub::ledger {

using sql::Statement;

Result<void> RegistryRows::add(const broker::RecordHead& head, const broker::ConfigurationChanged& change) {
  Statement insert(database_,
                   "INSERT INTO configuration_changes (position, time, item, id, actor, canonical)"
                   " VALUES (?, ?, ?, ?, ?, ?)");
  insert.bind(column(head.position)).bind(head.time.value).bind(std::string_view(registry::kind_name(change.item)));
  if (auto done = insert.bind(change.id).bind(change.actor).bind(change.canonical).run(); !done) return done;
  switch (change.item) {
    case registry::ItemKind::type:
      return add_type(head.position, change);
    case registry::ItemKind::party:
      return add_party(head.position, change);
    case registry::ItemKind::agreement:
      return add_agreement(head.position, change);
    case registry::ItemKind::certificate:
    case registry::ItemKind::revocation:
      return add_credential(head.position, change);
    case registry::ItemKind::administrator:
      return {};
  }
  return {};
}

Result<void> RegistryRows::add_type(Position position, const broker::ConfigurationChanged& change) {
  const auto type = nlohmann::json::parse(change.canonical);
  const std::string name = change.id.substr(0, change.id.find('/'));
  const std::string vi = type.at("label").at("vi"), en = type.at("label").at("en");
  Statement put(database_,
                "INSERT INTO types (id, name, label_vi, label_en, registered, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?5)"
                " ON CONFLICT (id) DO UPDATE SET label_vi = ?3, label_en = ?4, changed = ?5");
  return put.bind(change.id).bind(name).bind(vi).bind(en).bind(column(position)).run();
}

Result<void> RegistryRows::add_party(Position position, const broker::ConfigurationChanged& change) {
  const auto party = registry::read_party(change.canonical);
  if (!party) return tl::unexpected(party.error());
  Statement put(database_,
                "INSERT INTO parties (id, name_vi, name_en, level, kind, place, root_key, registered, changed)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) ON CONFLICT (id) DO UPDATE SET name_vi = ?2,"
                " name_en = ?3, level = ?4, kind = ?5, place = ?6, root_key = ?7, changed = ?8");
  put.bind(party->id).bind(party->name_vi).bind(party->name_en).bind(party->level).bind(party->kind).bind(party->place);
  const std::string root_key = party->root_key ? to_base64(*party->root_key) : std::string();
  if (party->root_key) {
    put.bind(root_key);
  } else {
    put.bind_null();
  }
  if (auto done = put.bind(column(position)).run(); !done) return done;

  // An endpoint that is listed no more is out of use, as in the registry.
  Statement disable(database_, "UPDATE endpoints SET enabled = 0, changed = ? WHERE party = ? AND enabled = 1");
  if (auto done = disable.bind(column(position)).bind(party->id).run(); !done) return done;
  for (const registry::EndpointDescription& endpoint : party->endpoints) {
    Statement put_endpoint(database_,
                           "INSERT INTO endpoints (id, party, curve_key, enabled, registered, changed)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (id) DO UPDATE SET party = ?2,"
                           " curve_key = ?3, enabled = ?4, changed = ?5");
    const std::string key = to_base64(endpoint.curve_key);
    put_endpoint.bind(endpoint.id).bind(party->id).bind(key).bind(std::int64_t{endpoint.enabled});
    if (auto done = put_endpoint.bind(column(position)).run(); !done) return done;
  }
  return {};
}

Result<void> RegistryRows::add_agreement(Position position, const broker::ConfigurationChanged& change) {
  const auto agreement = agreements::parse_canonical(change.canonical);
  if (!agreement) return tl::unexpected(agreement.error());
  Statement put(database_,
                "INSERT INTO agreements (id, position, version, directed, title_vi, title_en, in_force_from,"
                " in_force_until, contact) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const std::string from = format_date(agreement->from);
  const std::string until = agreement->until ? format_date(*agreement->until) : std::string();
  put.bind(agreement->id).bind(column(position)).bind(std::int64_t{agreement->version});
  put.bind(std::int64_t{agreement->directed}).bind(agreement->title_vi).bind(agreement->title_en).bind(from);
  if (agreement->until) {
    put.bind(until);
  } else {
    put.bind_null();
  }
  if (auto done = put.bind(agreement->contact).run(); !done) return done;

  std::int64_t index = 0;
  for (const agreements::Clause& clause : agreement->clauses) {
    Statement put_clause(database_,
                         "INSERT INTO clauses (agreement, position, id, idx, type, sender, recipient, words, inferred,"
                         " guard, needs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    put_clause.bind(agreement->id).bind(column(position)).bind(clause.id).bind(index++).bind(clause.type);
    const std::string needs = nlohmann::json(clause.needs).dump();
    put_clause.bind(clause.from_name).bind(clause.to_name).bind(clause.words).bind(std::int64_t{clause.inferred});
    if (clause.guard) {
      put_clause.bind(clause.guard_text);
    } else {
      put_clause.bind_null();
    }
    if (clause.needs.empty()) {
      put_clause.bind_null();
    } else {
      put_clause.bind(needs);
    }
    if (auto done = put_clause.run(); !done) return done;
  }
  return {};
}

Result<void> RegistryRows::add_credential(Position position, const broker::ConfigurationChanged& change) {
  const auto credential = registry::read_credential(change.canonical);
  if (!credential) return tl::unexpected(credential.error());
  const std::string key_id = to_hex(credential->key_id());
  if (const auto* certificate = std::get_if<registry::Certificate>(&credential->statement)) {
    Statement put(database_,
                  "INSERT INTO keys (party, key_id, position, public_key, active_from, active_until)"
                  " VALUES (?, ?, ?, ?, ?, ?)");
    const std::string key = to_base64(certificate->key);
    put.bind(certificate->party).bind(key_id).bind(column(position)).bind(key);
    return put.bind(certificate->active_from.value).bind(certificate->active_until.value).run();
  }
  const auto& revocation = std::get<registry::Revocation>(credential->statement);
  // The earliest revocation counts, as in the key ring.
  Statement revoke(database_,
                   "UPDATE keys SET revoked_at = ?3, revocation = ?4, revocation_reason = ?5"
                   " WHERE party = ?1 AND key_id = ?2 AND (revoked_at IS NULL OR revoked_at > ?3)");
  revoke.bind(revocation.party).bind(key_id).bind(revocation.revoked_at.value).bind(column(position));
  return revoke.bind(revocation.reason).run();
}

}  // namespace hub::ledger
