#include "hub/agreements/bilateral.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace hub::agreements {
namespace {

using Json = nlohmann::json;
using Aliases = std::set<std::string>;

// The aliases that one side of a permit stands for.
Aliases aliases_of(const Json& side, const Json& text) {
  Aliases out;
  if (side.is_object()) {  // a competence: any addressee
    for (const auto& [alias, unused] : text["addressees"].items()) out.insert(alias);
  } else if (const auto name = side.get<std::string>(); text.contains("groups") && text["groups"].contains(name)) {
    for (const Json& alias : text["groups"][name]) out.insert(alias.get<std::string>());
  } else {
    out.insert(name);
  }
  return out;
}

class Member {
 public:
  Member(const Json& text, std::string alias)
      : text_(text), one_(text["bilateral"]["party"].get<std::string>()), member_(std::move(alias)) {}

  // Both sides are left with somebody, and the member is on one of them.
  bool has(const Json& clause) const {
    const Aliases from = aliases_of(clause["permit"]["from"], text_), to = aliases_of(clause["permit"]["to"], text_);
    const auto left = [&](const Aliases& names) {
      for (const std::string& alias : names)
        if (is_kept(alias)) return true;
      return false;
    };
    return left(from) && left(to) && (from.contains(member_) || to.contains(member_));
  }

  Json agreement() const {
    Json out = text_;
    out.erase("bilateral");
    out["agreement"] = text_["agreement"].get<std::string>() + "/" + member_;
    out["parties"] = {{one_, text_["parties"][one_]}, {member_, text_["parties"][member_]}};
    out["clauses"] = Json::array();
    Aliases needed;  // groups and addressees that the clauses name
    for (const Json& clause : text_["clauses"]) {
      if (!has(clause)) continue;
      out["clauses"].push_back(clause);
      for (const char* side : {"from", "to"}) {
        const Json& name = clause["permit"][side];
        if (name.is_string()) needed.insert(name.get<std::string>());
        needed.merge(aliases_of(name, text_));
      }
    }
    keep_groups(out, needed);
    keep_addressees(out, needed);
    keep_contact(out);
    return out;
  }

 private:
  bool is_party(const std::string& alias) const { return text_["parties"].contains(alias); }
  bool is_kept(const std::string& alias) const { return !is_party(alias) || alias == one_ || alias == member_; }

  void keep_groups(Json& out, const Aliases& needed) const {
    if (!out.contains("groups")) return;
    out["groups"] = Json::object();
    for (const auto& [name, members] : text_["groups"].items()) {
      if (!needed.contains(name)) continue;
      out["groups"][name] = Json::array();
      for (const Json& alias : members)
        if (is_kept(alias.get<std::string>())) out["groups"][name].push_back(alias);
    }
    if (out["groups"].empty()) out.erase("groups");
  }

  void keep_addressees(Json& out, const Aliases& needed) const {
    if (!out.contains("addressees")) return;
    out["addressees"] = Json::object();
    for (const auto& [alias, id] : text_["addressees"].items())
      if (needed.contains(alias)) out["addressees"][alias] = id;
    if (out["addressees"].empty()) out.erase("addressees");
  }

  void keep_contact(Json& out) const {
    Json kept = Json::object();
    for (const auto& [alias, text] : text_["contact"].items())
      if (alias == one_ || alias == member_) kept[alias] = text;
    if (!kept.empty()) out["contact"] = std::move(kept);
  }

  const Json& text_;
  std::string one_, member_;
};

Json members_of(const Json& text) { return text["groups"][text["bilateral"]["with_each"].get<std::string>()]; }

}  // namespace

std::vector<Json> bilateral_agreements(const Json& value) {
  if (!value.contains("bilateral")) return {value};
  std::vector<Json> out;
  for (const Json& alias : members_of(value)) out.push_back(Member(value, alias.get<std::string>()).agreement());
  return out;
}

std::vector<std::size_t> clauses_without_member(const Json& value) {
  std::vector<std::size_t> out;
  if (!value.contains("bilateral")) return out;
  const Json members = members_of(value);
  for (std::size_t i = 0; i < value["clauses"].size(); ++i) {
    bool named = false;
    for (const Json& alias : members) named = named || Member(value, alias.get<std::string>()).has(value["clauses"][i]);
    if (!named) out.push_back(i);
  }
  return out;
}

}  // namespace hub::agreements
