#include "adapters/edxml/organisations.hpp"

#include <nlohmann/json.hpp>

#include "adapters/edxml/text_file.hpp"
#include "hub/base/check.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::edxml {
namespace {

using Json = nlohmann::json;

bool is_code(std::string_view text) {
  constexpr std::size_t kCodeBytesMax = 64;
  return !text.empty() && text.size() <= kCodeBytesMax && text.find_first_of(" \t\r\n,") == text.npos;
}

Organisations::Entry read_entry(const Json& value, const std::string& pointer, registry::Fault& fault) {
  registry::ObjectReader reader(value, pointer, fault);
  Organisations::Entry out;
  out.party = reader.text("party");
  if (!out.party.empty() && !registry::is_party_id(out.party)) reader.refuse("party", "this is no party's id");
  out.name = reader.text("name");
  const Json& ids = reader.array("ids");
  if (ids.empty()) reader.refuse("ids", "one code at least was expected");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string id = ids[i].is_string() ? ids[i].get<std::string>() : "";
    if (!is_code(id))
      fault.set(registry::child_pointer(reader.pointer_to("ids"), i), "a code such as \"000.00.00.H41\" was expected");
    out.ids.push_back(id);
  }
  reader.refuse_unknown();
  return out;
}

}  // namespace

Result<Organisations> Organisations::parse(std::string_view text, const std::string& file) {
  Json json;
  const auto marks = registry::parse_yaml_strict(text, file, json);
  if (!marks) return tl::unexpected(marks.error());
  registry::Fault fault;
  registry::ObjectReader root(json, "", fault);
  std::vector<Entry> entries;
  std::map<std::string, std::string> known;  // party or code, and who has it
  const Json& list = root.array("organisations");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = registry::child_pointer("/organisations", i);
    entries.push_back(read_entry(list[i], at, fault));
    const Entry& entry = entries.back();
    if (!known.emplace("party " + entry.party, "").second)
      fault.set(registry::child_pointer(at, "party"), "party " + entry.party + " stands here twice");
    for (std::size_t id = 0; id < entry.ids.size(); ++id)
      if (const auto [found, fresh] = known.emplace("code " + entry.ids[id], entry.party); !fresh)
        fault.set(registry::child_pointer(registry::child_pointer(at, "ids"), id),
                  "code " + entry.ids[id] + " is that of " + found->second);
  }
  root.refuse_unknown();
  if (fault.found()) return tl::unexpected(marks->invalid(fault));
  return Organisations(std::move(entries));
}

Result<Organisations> Organisations::read(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) return tl::unexpected(text.error());
  return parse(*text, path);
}

Organisations::Organisations(std::vector<Entry> entries) : entries_(std::move(entries)) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    HUB_CHECK(parties_.emplace(entries_[i].party, i).second);
    for (const std::string& id : entries_[i].ids) HUB_CHECK(ids_.emplace(id, i).second);
  }
}

const Organisations::Entry* Organisations::by_id(std::string_view organ_id) const {
  const auto found = ids_.find(organ_id);
  return found == ids_.end() ? nullptr : &entries_[found->second];
}

const Organisations::Entry* Organisations::by_party(std::string_view party) const {
  const auto found = parties_.find(party);
  return found == parties_.end() ? nullptr : &entries_[found->second];
}

}  // namespace hub::edxml
