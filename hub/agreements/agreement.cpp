#include "hub/agreements/agreement.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::agreements {
namespace {

using registry::Fault;
using registry::ObjectReader;
using Json = nlohmann::json;
using Names = std::vector<std::pair<std::string, std::string>>;

bool is_pointer(std::string_view text) { return text.starts_with('/') && text.back() != '/'; }

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
    read_groups();
    read_bilateral(out);
    read_contact(out);
    read_retention(out);
    read_clauses(out);
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
    if (out.until && *out.until < out.from)
      in_force.refuse("until", "must not be before from: the agreement would never be in force");
    in_force.refuse_unknown();
  }

  void read_parties(Agreement& out) {
    out.parties = read_names("parties");
    if (out.parties.empty()) in_.refuse("parties", "an agreement has parties");
    if (in_.has("addressees")) out.addressees = read_names("addressees");
    for (const auto& [alias, id] : out.addressees)
      if (!in_.has("bilateral") && has_id(out.parties, id))
        fault_.set(registry::child_pointer("/addressees", alias), id + " has two aliases");
    aliases_ = names_.size();
    if (in_.has("root_keys")) out.root_keys = in_.texts("root_keys");
    for (const auto& [alias, unused] : out.root_keys)
      if (resolve(alias) == nullptr) fault_.set(registry::child_pointer("/root_keys", alias), "is no alias of a party");
  }

  static bool has_id(const Names& names, const std::string& id) {
    return std::any_of(names.begin(), names.end(), [&](const auto& p) { return p.second == id; });
  }

  Names read_names(const char* member) {
    Names out = in_.texts(member);
    for (auto one = out.begin(); one != out.end(); ++one) {
      const std::string at = registry::child_pointer(in_.pointer_to(member), one->first);
      if (!registry::is_type_name(one->first)) fault_.set(at, "an alias has a-z, 0-9 and \"-\" alone");
      if (!registry::is_party_id(one->second)) fault_.set(at, "a party's id was expected, as toa-an.huyen");
      if (has_id(Names(out.begin(), one), one->second)) fault_.set(at, one->second + " has two aliases");
      if (resolve(one->first) != nullptr) fault_.set(at, "is an alias already");
      names_.push_back({one->first, {one->second}});
    }
    return out;
  }

  void read_groups() {
    if (!in_.has("groups")) return;
    const Json& groups = in_.value("groups");
    ObjectReader in(groups, "/groups", fault_);
    for (const auto& [name, unused] : groups.is_object() ? groups.get<Json::object_t>() : Json::object_t()) {
      if (resolve(name) != nullptr) in.refuse(name, "is an alias already");
      if (!registry::is_type_name(name)) in.refuse(name, "a group's name has a-z, 0-9 and \"-\" alone");
      std::vector<std::string> members;
      for (const Json& alias : in.array(name)) {
        // A group has no groups in it.
        const auto* party = alias.is_string() ? resolve(alias.get_ref<const std::string&>(), aliases_) : nullptr;
        if (party == nullptr) {
          in.refuse(name, alias.dump() + " is no alias of this agreement");
        } else if (std::find(members.begin(), members.end(), party->front()) != members.end()) {
          in.refuse(name, alias.dump() + " stands here twice");
        } else {
          members.push_back(party->front());
        }
      }
      if (members.empty()) in.refuse(name, "a group has members");
      names_.push_back({name, std::move(members)});
    }
  }

  // What the expansion needs; see bilateral.hpp.
  void read_bilateral(const Agreement& agreement) {
    if (!in_.has("bilateral")) return;
    ObjectReader in = in_.object("bilateral");
    const std::string party = in.text("party"), group = in.text("with_each");
    const auto is_party = [&](const std::string& id) { return has_id(agreement.parties, id); };
    const auto* one = resolve(party, aliases_);
    const auto* each = resolve(group, aliases_) == nullptr ? resolve(group) : nullptr;
    if (one == nullptr || !is_party(one->front())) in.refuse("party", "an alias of a party was expected");
    if (each == nullptr || !std::all_of(each->begin(), each->end(), is_party))
      return in.refuse("with_each", "a group of parties was expected");
    if (one != nullptr && std::find(each->begin(), each->end(), one->front()) != each->end())
      in.refuse("with_each", "the group must not hold the party itself");
    in.refuse_unknown();
    for (const auto& [alias, id] : agreement.parties)
      if (alias != party && std::find(each->begin(), each->end(), id) == each->end())
        fault_.set(registry::child_pointer("/parties", alias), "is in no agreement: it is not in the group " + group);
  }

  void read_contact(Agreement& out) {
    for (const auto& [alias, text] : in_.texts("contact")) {
      if (resolve(alias) == nullptr) fault_.set(registry::child_pointer("/contact", alias), "is no alias of a party");
      out.contact.append(out.contact.empty() ? "" : ", ").append(text);
    }
    if (out.contact.empty()) in_.refuse("contact", "a refusal must be able to say whom to ask");
    if (in_.has("bilateral") && !in_.value("contact").contains(in_.object("bilateral").text("party")))
      in_.refuse("contact", "the contact of the bilateral party is missing: each of the agreements needs it");
  }

  void read_retention(Agreement& out) {
    if (!in_.has("retention_months")) return;
    const std::int64_t months = in_.integer("retention_months");
    if (months < 1 || months > registry::kRetentionMonthsMax)
      in_.refuse("retention_months", "must be from 1 to " + std::to_string(registry::kRetentionMonthsMax));
    out.retention_months = static_cast<std::uint32_t>(months);
  }

  const std::vector<std::string>* resolve(std::string_view name, std::size_t among = SIZE_MAX) const {
    for (std::size_t i = 0; i < std::min(among, names_.size()); ++i)
      if (names_[i].first == name) return &names_[i].second;
    return nullptr;
  }

  std::vector<std::string> side(ObjectReader& permit, const char* key, std::string& name) {
    name = permit.text(key);
    const auto* parties = resolve(name);
    if (parties == nullptr) permit.refuse(key, "\"" + name + "\" is no alias or group of this agreement");
    return parties == nullptr ? std::vector<std::string>() : *parties;
  }

  void read_clauses(Agreement& out) {
    const Json& clauses = in_.array("clauses");
    if (clauses.empty()) in_.refuse("clauses", "an agreement has a clause");
    for (std::size_t i = 0; i < clauses.size(); ++i)
      out.clauses.push_back(read_clause(clauses[i], registry::child_pointer("/clauses", i), out));
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
    if (out.words.find_first_not_of(" \t\n") == std::string::npos)
      in.refuse("words", "the words of the source were expected");
    out.words_corrected = in.text_or("words_corrected", "");
    if (!out.words_corrected.empty() && out.words_corrected == out.words)
      in.refuse("words_corrected", "is the same as words: leave it out");
    out.inferred = choice(in, "reading", "explicit", "inferred");
    in.text_or("reading_note", "");
    ObjectReader permit = in.object("permit");
    read_permit(permit, agreement, out);
    if (in.has("over_level")) {
      const bool reroute = choice(in, "over_level", "refuse", "reroute");
      if (out.competence) {
        out.competence->reroute = reroute;
      } else {
        in.refuse("over_level", "belongs to a clause whose permit.to is {competent_for, at_level}");
      }
    }
    if (in.has("when")) read_guard(in, agreement, out);
    if (in.has("needs")) read_needs(in, out);
    in.refuse_unknown();
    return out;
  }

  void read_permit(ObjectReader& permit, const Agreement& agreement, Clause& out) {
    out.type = permit.text("type");
    if (!registry::is_type_name(out.type)) permit.refuse("type", "a type's name was expected, without version");
    out.from = side(permit, "from", out.from_name);
    if (permit.has("to") && permit.value("to").is_object()) {
      read_competence(permit, agreement, out);
    } else {
      out.to = side(permit, "to", out.to_name);
    }
    if (out.from.size() == 1 && out.from == out.to) permit.refuse("to", "a party sends nothing to itself");
    permit.refuse_unknown();
  }

  void read_competence(ObjectReader& permit, const Agreement& agreement, Clause& out) {
    ObjectReader to = permit.object("to");
    out.competence = Competence{to.text("competent_for"), to.text("at_level"), false};
    for (const char* name : {"competent_for", "at_level"})
      if (!is_pointer(to.text(name))) to.refuse(name, "a JSON Pointer was expected, as /data/place");
    to.refuse_unknown();
    if (agreement.addressees.empty()) permit.refuse("to", "one of the addressees is competent, and there are none");
    for (const auto& [alias, id] : agreement.addressees) out.to.push_back(id);
    out.to_name = out.competence->level + " @ " + out.competence->place;
  }

  void read_guard(ObjectReader& in, const Agreement& agreement, Clause& out) {
    auto guard = registry::Schema::compile(in.value("when"), agreement.id + " " + out.id, registry::Keywords::guard);
    if (guard) {
      out.guard = std::move(*guard);
      out.guard_text = in.value("when").dump();
    } else {
      fault_.set(in.pointer_to("when") + registry::pointer_in(guard.error()), guard.error().fact("reason"));
    }
  }

  void read_needs(ObjectReader& in, Clause& out) {
    const Json& names = in.array("needs");
    if (names.empty()) in.refuse("needs", "the names of fields were expected; leave it out where the words don't say");
    if (names.size() > kNeedsMax) in.refuse("needs", "at most " + std::to_string(kNeedsMax) + " fields");
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string at = registry::child_pointer(in.pointer_to("needs"), i);
      const std::string name = names[i].is_string() ? names[i].get<std::string>() : std::string();
      if (name.empty()) fault_.set(at, "the name of a field of `data` was expected, as case_ref");
      if (std::find(out.needs.begin(), out.needs.end(), name) != out.needs.end())
        fault_.set(at, "\"" + name + "\" stands here twice");
      out.needs.push_back(name);
    }
  }

  ObjectReader in_;
  Fault& fault_;
  std::vector<std::pair<std::string, std::vector<std::string>>> names_;  // alias or group to party ids; aliases first
  std::size_t aliases_ = 0;
};

}  // namespace

Agreement read_agreement(const Json& value, Fault& fault) {
  if (value.is_object()) return Reader(value, fault).run();
  fault.set("", "an agreement is an object: agreement, version, basis, title, …");
  return {};
}

Result<Agreement> read_agreement(const Json& value, const registry::Marks& marks) {
  Fault fault;
  Agreement out = read_agreement(value, fault);
  if (fault.found()) return tl::unexpected(marks.invalid(fault));
  return out;
}

Result<Agreement> parse_canonical(std::string_view text) {
  Json value;
  const auto marks = registry::parse_json_strict(text, "agreement", value);
  if (!marks) return tl::unexpected(marks.error());
  if (value.contains("bilateral"))
    return tl::unexpected(
        marks->invalid({"/bilateral", "stands in files alone: each agreement is an item of its own"}));
  return read_agreement(value, *marks);
}

}  // namespace hub::agreements
