#include "hub/agreements/agreement.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/registry/json_canonical.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::agreements {
namespace {

using registry::Fault;
using registry::ObjectReader;
using Json = nlohmann::json;

std::string fact(const Error& error, std::string_view name) {
  for (const Fact& f : error.facts)
    if (f.name == name) return f.value == "/" ? "" : f.value;
  return {};
}

class Reader {
 public:
  Reader(const Json& value, Fault& fault) : in_(value, "", fault), fault_(fault) {}

  Agreement run() {
    Agreement out;
    out.id = in_.text("agreement");
    if (!registry::is_agreement_id(out.id)) in_.refuse("agreement", "an agreement's id was expected, as huyen/btg-238");
    const std::int64_t version = in_.integer("version");
    if (version < 1 || version > UINT32_MAX) in_.refuse("version", "an integer from 1 was expected");
    out.version = static_cast<std::uint32_t>(version);
    out.directed = choice(in_, "basis", "signed", "directed");
    ObjectReader title = in_.object("title");
    out.title_vi = title.text("vi");
    out.title_en = title.text("en");
    title.refuse_unknown();
    in_.texts("source");
    read_dates(out);
    read_parties(out);
    read_contact(out);
    const Json& clauses = in_.array("clauses");
    if (clauses.empty()) in_.refuse("clauses", "an agreement has a clause");
    for (std::size_t i = 0; i < clauses.size() && !fault_.found(); ++i)
      out.clauses.push_back(read_clause(clauses[i], registry::child_pointer("/clauses", i), out));
    in_.refuse_unknown();
    return out;
  }

 private:
  // True for the second of the two.
  static bool choice(ObjectReader& in, const char* name, std::string_view first, std::string_view second) {
    const std::string text = in.text(name);
    if (text != first && text != second)
      in.refuse(name, "must be " + std::string(first) + " or " + std::string(second));
    return text == second;
  }

  LocalDate date(ObjectReader& in, const char* name) {
    const auto out = parse_date(in.text(name));
    if (!out) in.refuse(name, "a real date was expected, as 2024-01-11");
    return out.value_or(LocalDate());
  }

  void read_dates(Agreement& out) {
    ObjectReader in_force = in_.object("in_force");
    out.from = date(in_force, "from");
    // `until: ~` says that the source states no end, which silence would not.
    if (!in_force.value("until").is_null()) out.until = date(in_force, "until");
    if (out.until && *out.until < out.from) in_force.refuse("until", "must not be before from");
    in_force.refuse_unknown();
  }

  void read_parties(Agreement& out) {
    out.parties = in_.texts("parties");
    for (const auto& [alias, id] : out.parties) {
      const std::string at = registry::child_pointer("/parties", alias);
      if (!registry::is_party_id(id)) fault_.set(at, "a party's id was expected, as toa-an.huyen");
      const auto same = [&](const auto& p) { return p.second == id; };
      if (std::count_if(out.parties.begin(), out.parties.end(), same) > 1) fault_.set(at, id + " has two aliases");
      names_.push_back({alias, {id}});
    }
    if (in_.has("root_keys")) out.root_keys = in_.texts("root_keys");
    for (const auto& [alias, unused] : out.root_keys)
      if (resolve(alias) == nullptr) fault_.set(registry::child_pointer("/root_keys", alias), "is no alias of a party");
    if (!in_.has("groups")) return;
    const Json& groups = in_.value("groups");
    ObjectReader in(groups, "/groups", fault_);
    for (const auto& [name, unused] : groups.is_object() ? groups.get<Json::object_t>() : Json::object_t()) {
      if (resolve(name) != nullptr) in.refuse(name, "is an alias already");
      std::vector<std::string> members;
      for (const Json& alias : in.array(name)) {
        const auto* party = alias.is_string() ? resolve(alias.get_ref<const std::string&>()) : nullptr;
        if (party == nullptr || party->size() != 1) {
          in.refuse(name, "a list of aliases was expected");
        } else {
          members.push_back(party->front());
        }
      }
      groups_.push_back({name, std::move(members)});
    }
    names_.insert(names_.end(), groups_.begin(), groups_.end());
  }

  void read_contact(Agreement& out) {
    for (const auto& [alias, text] : in_.texts("contact")) {
      if (resolve(alias) == nullptr) fault_.set(registry::child_pointer("/contact", alias), "is no alias of a party");
      out.contact.append(out.contact.empty() ? "" : ", ").append(text);
    }
    if (out.contact.empty()) in_.refuse("contact", "a refusal must be able to say whom to ask");
  }

  const std::vector<std::string>* resolve(std::string_view name) const {
    for (const auto& known : names_)
      if (known.first == name) return &known.second;
    return nullptr;
  }

  std::vector<std::string> side(ObjectReader& permit, const char* key, std::string& name) {
    name = permit.text(key);
    const auto* parties = resolve(name);
    if (parties == nullptr) permit.refuse(key, "\"" + name + "\" is no alias or group of this agreement");
    return parties == nullptr ? std::vector<std::string>() : *parties;
  }

  Clause read_clause(const Json& value, const std::string& pointer, const Agreement& agreement) {
    ObjectReader in(value, pointer, fault_);
    Clause out;
    out.id = in.text("id");
    if (!registry::is_type_name(out.id)) in.refuse("id", "a clause's id was expected: a-z, 0-9 and \"-\", at most 64");
    const auto same = [&](const Clause& c) { return c.id == out.id; };
    if (std::any_of(agreement.clauses.begin(), agreement.clauses.end(), same))
      in.refuse("id", "this clause stands twice");
    out.words = in.text("words");
    out.words_corrected = in.text_or("words_corrected", "");
    out.inferred = choice(in, "reading", "explicit", "inferred");
    in.text_or("reading_note", "");
    ObjectReader permit = in.object("permit");
    out.type = permit.text("type");
    if (!registry::is_type_name(out.type)) permit.refuse("type", "a type's name was expected, without version");
    out.from = side(permit, "from", out.from_name);
    out.to = side(permit, "to", out.to_name);
    permit.refuse_unknown();
    if (in.has("when")) {
      auto guard = registry::Schema::compile(in.value("when"), agreement.id + " " + out.id, registry::Keywords::guard);
      if (guard) {
        out.guard = std::move(*guard);
        out.guard_text = in.value("when").dump();
      } else {
        fault_.set(in.pointer_to("when") + fact(guard.error(), "pointer"), fact(guard.error(), "reason"));
      }
    }
    in.refuse_unknown();
    return out;
  }

  using Names = std::vector<std::pair<std::string, std::vector<std::string>>>;

  ObjectReader in_;
  Fault& fault_;
  Names names_;   // alias or group to party ids
  Names groups_;
};

void check_root_key(const registry::Registry& registry, const Agreement& agreement, const std::string& alias,
                    PartyIndex party, Fault& fault) {
  for (const auto& [name, fingerprint] : agreement.root_keys) {
    if (name != alias) continue;
    const auto& key = registry.party_at(party).root_key;
    if (!key || crypto::fingerprint(*key) != fingerprint)
      fault.set(registry::child_pointer("/root_keys", alias), "the party's root key is another one now");
  }
}

void check_clause(const registry::Registry& registry, const Clause& clause, const std::string& permit, Fault& fault) {
  bool known = false;
  for (std::uint32_t t = 0; t < registry.type_count(); ++t)
    known = known || registry::type_name(registry.type_at(TypeIndex(t)).id) == clause.type;
  if (!known) fault.set(permit + "/type", "no version of type \"" + clause.type + "\" is registered");
  // Quy định 313 (2018), article 6: before a trial, information does not reach the press by an automatic route.
  if (!clause.type.starts_with("pre-trial")) return;
  for (const std::string& id : clause.to) {
    const auto party = registry.party(id);
    if (party && registry.party_at(*party).kind == "press")
      fault.set(permit + "/to", "pre-trial information must not go to the press (" + id + ")");
  }
}

}  // namespace

Result<Agreement> read_agreement(const Json& value, const registry::Marks& marks) {
  Fault fault;
  Agreement out = Reader(value, fault).run();
  if (fault.found()) return tl::unexpected(marks.invalid(fault));
  return out;
}

Result<Agreement> parse_canonical(std::string_view text) {
  Json value;
  const auto marks = registry::parse_json_strict(text, "agreement", value);
  if (!marks) return tl::unexpected(marks.error());
  return read_agreement(value, *marks);
}

void check_against(const registry::Registry& registry, const Agreement& agreement, Fault& fault) {
  for (const auto& [alias, id] : agreement.parties) {
    const auto party = registry.party(id);
    if (!party) {
      fault.set(registry::child_pointer("/parties", alias), "party " + id + " is not registered");
    } else {
      check_root_key(registry, agreement, alias, *party, fault);
    }
  }
  for (std::size_t i = 0; i < agreement.clauses.size(); ++i)
    check_clause(registry, agreement.clauses[i], registry::child_pointer("/clauses", i) + "/permit", fault);
}

Result<std::string> canonical_agreement(const Json& value, const Agreement& agreement,
                                        const registry::Registry& registry) {
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
