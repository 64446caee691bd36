// What an agreement needs of the registry; its canonical form.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "hub/agreements/agreement.hpp"
#include "hub/agreements/similar_names.hpp"
#include "hub/registry/json_canonical.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"

namespace hub::agreements {
namespace {

using registry::Fault;
using registry::Registry;
using Json = nlohmann::json;

void check_root_key(const Registry& registry, const Agreement& agreement, const std::string& alias, PartyIndex party,
                    Fault& fault) {
  for (const auto& [name, fingerprint] : agreement.root_keys) {
    if (name != alias) continue;
    const auto& key = registry.party_at(party).root_key;
    if (!key || crypto::fingerprint(*key) != fingerprint)
      fault.set(registry::child_pointer("/root_keys", alias), "the party's root key is another one now");
  }
}

// Who is competent must be one party. The press is never.
void check_competence(const Registry& registry, const Agreement& agreement, const std::string& permit, Fault& fault) {
  std::vector<const registry::Party*> competent;
  for (const auto& [alias, id] : agreement.addressees) {
    const auto index = registry.party(id);
    if (!index) continue;  // said at the addressee
    const registry::Party& party = registry.party_at(*index);
    if (party.kind == "press" || party.place.empty()) continue;
    for (const registry::Party* other : competent)
      if (other->level == party.level && other->place == party.place)
        fault.set(permit + "/to",
                  other->id + " and " + id + " are both competent for " + party.place + " at level " + party.level);
    competent.push_back(&party);
  }
  if (competent.empty()) fault.set(permit + "/to", "no addressee has a place, so that none is ever competent");
}

// What the type lets through is named in its schema, which is closed.
void add_fields(const registry::Type& type, std::set<std::string>& out) {
  const Json fields = Json::parse(type.schema_meaning).value("properties", Json::object());
  for (const auto& [name, field] : fields.items()) out.insert(name);
}

// A field that no version has is a mistake in writing. The names stand in records, which bound them.
void check_needs(const Registry& registry, const Clause& clause, const std::string& needs, Fault& fault) {
  std::set<std::string> fields;
  for (std::uint32_t t = 0; t < registry.type_count(); ++t) {
    const registry::Type& type = registry.type_at(TypeIndex(t));
    if (registry::type_name(type.id) == clause.type) add_fields(type, fields);
  }
  for (std::size_t i = 0; i < clause.needs.size() && !fields.empty(); ++i)
    if (!fields.contains(clause.needs[i]))
      fault.set(registry::child_pointer(needs, i), "no version of " + clause.type + " has the field \"" +
                                                       clause.needs[i] + "\": correct the name, or leave it out; nearest: " +
                                                       similar_names(clause.needs[i], fields));
  for (const std::string& name : fields)
    if (name.size() > registry::kNameBytesMax)
      fault.set(needs, "can't be said of " + clause.type + ": its field \"" + name + "\" has a name of more than " +
                           std::to_string(registry::kNameBytesMax) + " bytes");
}

void check_clause(const Registry& registry, const Agreement& agreement, const Clause& clause, const std::string& at,
                  Fault& fault) {
  const std::string permit = at + "/permit";
  bool known = false, pre_trial = clause.type.starts_with("pre-trial");
  for (std::uint32_t t = 0; t < registry.type_count(); ++t) {
    const registry::Type& type = registry.type_at(TypeIndex(t));
    if (registry::type_name(type.id) != clause.type) continue;
    known = true;
    pre_trial = pre_trial || type.pre_trial;
  }
  if (!known) fault.set(permit + "/type", "no version of type \"" + clause.type + "\" is registered");
  if (!clause.needs.empty()) check_needs(registry, clause, at + "/needs", fault);
  if (clause.competence) return check_competence(registry, agreement, permit, fault);
  // Quy định 313 (2018), article 6: before a trial, information does not reach the press by an automatic route.
  if (!pre_trial) return;
  for (const std::string& id : clause.to) {
    const auto party = registry.party(id);
    if (party && registry.party_at(*party).kind == "press")
      fault.set(permit + "/to", "pre-trial information must not go to the press (" + id + ")");
  }
}

}  // namespace

void check_against(const Registry& registry, const Agreement& agreement, Fault& fault) {
  for (const auto& [alias, id] : agreement.parties) {
    const auto party = registry.party(id);
    if (!party) {
      fault.set(registry::child_pointer("/parties", alias), "party " + id + " is not registered");
    } else {
      check_root_key(registry, agreement, alias, *party, fault);
    }
  }
  for (const auto& [alias, id] : agreement.addressees)
    if (!registry.party(id))
      fault.set(registry::child_pointer("/addressees", alias), "party " + id + " is not registered");
  for (std::size_t i = 0; i < agreement.clauses.size(); ++i)
    check_clause(registry, agreement, agreement.clauses[i], registry::child_pointer("/clauses", i), fault);
}

Result<std::string> canonical_agreement(const Json& value, const Agreement& agreement, const Registry& registry) {
  Json out = value;
  out["root_keys"] = Json::object();
  for (const auto& [alias, id] : agreement.parties) {
    const auto party = registry.party(id);
    if (party && registry.party_at(*party).root_key)
      out["root_keys"][alias] = crypto::fingerprint(*registry.party_at(*party).root_key);
  }
  return registry::canonical_json(out);
}

}  // namespace hub::agreements
