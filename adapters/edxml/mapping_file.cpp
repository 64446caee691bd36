#include "adapters/edxml/mapping_file.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "adapters/edxml/header_element.hpp"
#include "adapters/edxml/refusal.hpp"
#include "adapters/edxml/text_file.hpp"
#include "adapters/edxml/words.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::edxml {
namespace {

using Json = nlohmann::json;
using registry::ObjectReader;

constexpr std::size_t kConditionsMax = 16, kValuesMax = 64;

class MappingReader {
 public:
  MappingReader(const Json& json, registry::Fault& fault) : json_(json), fault_(fault) {}

  Mapping run() {
    Mapping out;
    ObjectReader root(json_, "", fault_);
    out.name = root.text("mapping");
    if (!out.name.empty() && !registry::is_type_name(out.name))
      root.refuse("mapping", "a name of a to z, 0 to 9 and \"-\" was expected");
    out.type = root.text("type");
    if (!out.type.empty() && !registry::is_type_id(out.type))
      root.refuse("type", "a type such as \"trial-result-report/2\" was expected");
    out.conditions = conditions(root);
    out.values = values(root);
    subject(root, out);
    const std::string attachments = root.text_or("attachments", "carry");
    out.carry_attachments = attachments == "carry";
    if (attachments != "carry" && attachments != "leave-out")
      root.refuse("attachments", "\"carry\" or \"leave-out\" was expected");
    root.refuse_unknown();
    return out;
  }

 private:
  void check_element(const std::string& at, const std::string& name) {
    if (!is_header_element(name)) fault_.set(at, "there is no header element \"" + name + "\"");
  }

  std::vector<Condition> conditions(ObjectReader& root) {
    std::vector<Condition> out;
    const auto members = root.texts("when");
    if (members.empty() || members.size() > kConditionsMax) root.refuse("when", "1 to 16 conditions were expected");
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    for (const auto& [element, pattern] : members) {
      const std::string at = registry::child_pointer("/when", element);
      check_element(at, element);
      auto compiled = std::make_shared<const re2::RE2>(pattern, options);
      if (!compiled->ok()) {
        fault_.set(at, "this is no pattern of RE2: " + compiled->error());
        continue;
      }
      for (const auto& [name, unused] : compiled->NamedCapturingGroups())
        if (!captures_.insert(name).second) fault_.set(at, "capture \"" + name + "\" stands here twice");
      out.push_back({element, std::move(compiled)});
    }
    return out;
  }

  std::vector<ValueRule> values(ObjectReader& root) {
    std::vector<ValueRule> out;
    const Json& data = root.value("data");
    if (!data.is_object() || data.size() > kValuesMax) {
      root.refuse("data", "a map of at most 64 fields was expected");
      return out;
    }
    for (const auto& [field, value] : data.items()) {
      ObjectReader reader(value, registry::child_pointer("/data", field), fault_);
      out.push_back(this->value(field, reader));
      reader.refuse_unknown();
    }
    return out;
  }

  ValueRule value(const std::string& field, ObjectReader& reader) {
    ValueRule out;
    out.field = field;
    if (reader.has("element") + reader.has("capture") + reader.has("constant") != 1) {
      fault_.set(reader.pointer(), "one of element, capture and constant was expected");
      for (const char* name : {"element", "capture", "constant"})
        if (reader.has(name)) (void)reader.value(name);
      return out;
    }
    if (reader.has("constant")) {
      out.source = ValueRule::Source::constant;
      out.constant = reader.value("constant");
      if (!out.constant.is_string() && !out.constant.is_number_integer() && !out.constant.is_boolean())
        reader.refuse("constant", "a text, an integer, true or false was expected");
      return out;
    }
    const bool element = reader.has("element");
    out.source = element ? ValueRule::Source::element : ValueRule::Source::capture;
    out.name = reader.text(element ? "element" : "capture");
    if (element) check_element(reader.pointer_to("element"), out.name);
    if (!element && !captures_.contains(out.name))
      reader.refuse("capture", "no pattern has a capture \"" + out.name + "\"");
    out.as = as(reader);
    if (reader.has("words"))
      for (const auto& [word, meaning] : reader.texts("words")) out.words.emplace_back(folded(word), meaning);
    out.optional = reader.boolean_or("optional", false);
    return out;
  }

  static ValueRule::As as(ObjectReader& reader) {
    const std::string text = reader.text_or("as", "text");
    constexpr std::string_view names[] = {"text", "date", "integer", "boolean"};
    const auto found = std::find(std::begin(names), std::end(names), text);
    if (found == std::end(names)) reader.refuse("as", "text, date, integer or boolean was expected");
    return static_cast<ValueRule::As>(found == std::end(names) ? 0 : found - std::begin(names));
  }

  void subject(ObjectReader& root, Mapping& out) {
    if (!root.has("subject")) return;
    out.subject = registry::SubjectTemplate::parse(root.text("subject"));
    if (!out.subject) return root.refuse("subject", "a text with {field} for fields of data was expected");
    for (const std::string_view field : out.subject->fields())
      if (std::none_of(out.values.begin(), out.values.end(), [&](const ValueRule& v) { return v.field == field; }))
        root.refuse("subject", "data has no field \"" + std::string(field) + "\"");
  }

  const Json& json_;
  registry::Fault& fault_;
  std::set<std::string> captures_;
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view text, const std::string& file) {
  Json json;
  const auto marks = registry::parse_yaml_strict(text, file, json);
  if (!marks) return tl::unexpected(marks.error());
  registry::Fault fault;
  Mapping out = MappingReader(json, fault).run();
  if (fault.found()) return tl::unexpected(marks->invalid(fault));
  out.file = file;
  return out;
}

Result<std::vector<Mapping>> read_mappings(const std::string& folder) {
  std::error_code error;
  std::set<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml") paths.insert(entry.path().string());
  if (error) return fail(ErrorCode::io_failed, {{"operation", "open"}, {"path", folder}, {"reason", error.message()}});
  std::vector<Mapping> out;
  std::set<std::string> names;
  for (const std::string& path : paths) {
    const auto text = read_text_file(path);
    if (!text) return tl::unexpected(text.error());
    auto mapping = parse_mapping(*text, path);
    if (!mapping) return tl::unexpected(mapping.error());
    if (!names.insert(mapping->name).second)
      return tl::unexpected(registry::Marks(path).invalid(
          registry::Mistake{"/mapping", "another file has the mapping " + mapping->name}));
    out.push_back(std::move(*mapping));
  }
  return out;
}

}  // namespace hub::edxml
