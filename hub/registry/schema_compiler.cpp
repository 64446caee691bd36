#include "hub/registry/schema_compiler.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/registry/limits.hpp"
#include "hub/registry/schema_annotations.hpp"
#include "hub/registry/schema_pattern.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::registry {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kGuardKeywords[] = {"properties", "required", "const",   "enum",
                                               "type",       "minimum",  "maximum", "minItems"};

class Compiler {
 public:
  Compiler(SchemaProgram& program, Keywords keywords, Fault& fault)
      : program_(program), keywords_(keywords), fault_(fault) {}

  NodeIndex schema(const Json& source, const std::string& pointer, int depth) {
    if (source.is_boolean()) return source.get<bool>() ? kAny : kNever;
    if (!source.is_object()) return refuse(pointer, "a schema is an object or a boolean");
    if (depth > kSchemaDepthMax) return refuse(pointer, "schemas are nested too deep");
    Node node;
    for (const auto& [keyword, value] : source.get_ref<const Json::object_t&>()) {
      const std::string at = child_pointer(pointer, keyword);
      if (!allowed(keyword)) {
        refuse(at, "keyword \"" + keyword + "\" is not supported");
      } else {
        apply(keyword, value, at, depth, node);
      }
    }
    if (source.contains("properties") || source.contains("required")) named_members(source, pointer, depth, node);
    if (source.contains("contentEncoding")) node.types = static_cast<std::uint16_t>((node.types & ~kString) | kBinary);
    program_.nodes.push_back(std::move(node));
    return static_cast<NodeIndex>(program_.nodes.size() - 1);
  }

 private:
  NodeIndex refuse(const std::string& at, std::string reason) {
    fault_.set(at, std::move(reason));
    return kNever;
  }

  bool allowed(std::string_view keyword) const {
    return keywords_ == Keywords::all ||
           std::find(std::begin(kGuardKeywords), std::end(kGuardKeywords), keyword) != std::end(kGuardKeywords);
  }

  // Everything but properties and required, which depend on each other.
  void apply(std::string_view keyword, const Json& value, const std::string& at, int depth, Node& node) {
    if (keyword == "type") {
      node.types = types(value, at);
    } else if (keyword == "enum" || keyword == "const") {
      values(keyword, value, at, node);
    } else if (keyword == "minimum") {
      node.minimum = number(value, at);
    } else if (keyword == "maximum") {
      node.maximum = number(value, at);
    } else if (keyword == "minLength") {
      node.length_min = size(value, at);
    } else if (keyword == "maxLength") {
      node.length_max = size(value, at);
    } else if (keyword == "minItems") {
      node.items_min = size(value, at);
    } else if (keyword == "maxItems") {
      node.items_max = size(value, at);
    } else if (keyword == "items") {
      node.items = schema(value, at, depth + 1);
    } else if (keyword == "additionalProperties") {
      node.additional = schema(value, at, depth + 1);
    } else if (keyword == "pattern") {
      pattern(value, at, node);
    } else if (keyword == "format") {
      node.format = format(value, at);
    } else if (keyword == "contentEncoding") {
      if (value != "base64") refuse(at, "only base64 is supported");
    } else if (keyword != "properties" && keyword != "required" && !is_annotation(keyword)) {
      refuse(at, "keyword \"" + std::string(keyword) + "\" is not supported");
    }
  }

  std::uint16_t types(const Json& value, const std::string& at) {
    if (value.is_array() && !value.empty()) {
      std::uint16_t out = 0;
      for (const Json& name : value) out = static_cast<std::uint16_t>(out | type(name, at));
      return out;
    }
    return type(value, at);
  }

  std::uint16_t type(const Json& name, const std::string& at) {
    if (name == "null") return kNull;
    if (name == "boolean") return kBoolean;
    if (name == "integer") return kInteger;
    if (name == "number") return kInteger | kFraction;
    if (name == "string") return kString;
    if (name == "array") return kArray;
    if (name == "object") return kObject;
    refuse(at, "this is no type");
    return 0;
  }

  // A schema may have both keywords: then only what both permit is left.
  void values(std::string_view keyword, const Json& value, const std::string& at, Node& node) {
    if (keyword == "enum" && !value.is_array()) {
      refuse(at, "a list was expected");
      return;
    }
    std::vector<Buffer> permitted;
    const auto add = [&](const Json& one) {
      Buffer bytes = Json::to_msgpack(one);
      if (node.any_value || std::any_of(node.values.begin(), node.values.end(),
                                        [&](const Buffer& known) { return equal_values(known, bytes); }))
        permitted.push_back(std::move(bytes));
    };
    if (keyword == "const") {
      add(value);
    } else {
      for (const Json& one : value) add(one);
    }
    node.any_value = false;
    node.values = std::move(permitted);
  }

  Number number(const Json& value, const std::string& at) {
    if (value.is_number_unsigned()) return static_cast<Number>(value.get<std::uint64_t>());
    if (value.is_number_integer()) return static_cast<Number>(value.get<std::int64_t>());
    if (value.is_number_float()) return static_cast<Number>(value.get<double>());
    refuse(at, "a number was expected");
    return 0;
  }

  std::uint32_t size(const Json& value, const std::string& at) {
    const Number n = number(value, at);
    if (n >= 0 && n <= static_cast<Number>(UINT32_MAX) && static_cast<Number>(static_cast<std::uint32_t>(n)) == n)
      return static_cast<std::uint32_t>(n);
    refuse(at, "an integer from 0 was expected");
    return 0;
  }

  void pattern(const Json& value, const std::string& at, Node& node) {
    if (!value.is_string()) return refuse(at, "a text was expected"), void();
    node.pattern_text = value.get_ref<const std::string&>();
    const auto text = re2_pattern(node.pattern_text);
    if (!text)
      return refuse(at, "the pattern is not supported: \\Q, and in brackets \\S, \"[:\" or a first \"]\""), void();
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    node.pattern = std::make_unique<RE2>(*text, options);
    if (!node.pattern->ok()) refuse(at, "the pattern is not supported: " + node.pattern->error());
  }

  Format format(const Json& value, const std::string& at) {
    if (value == "date") return Format::date;
    if (value == "date-time") return Format::date_time;
    if (value == "uuid") return Format::uuid;
    refuse(at, "only the formats date, date-time and uuid are supported");
    return Format::none;
  }

  void named_members(const Json& source, const std::string& pointer, int depth, Node& node) {
    const Json none = Json::object();
    const auto found = source.find("properties");
    const Json& properties = found == source.end() ? none : *found;
    if (!properties.is_object()) return refuse(child_pointer(pointer, "properties"), "an object was expected"), void();
    const std::string at = child_pointer(pointer, "properties");
    for (const auto& [name, value] : properties.get_ref<const Json::object_t&>())
      node.properties.push_back({name, schema(value, child_pointer(at, name), depth + 1), false});
    if (const auto required = source.find("required"); required != source.end())
      require(*required, child_pointer(pointer, "required"), node);
    if (node.properties.size() > kSchemaPropertiesMax)
      return refuse(at, "more than " + std::to_string(kSchemaPropertiesMax) + " properties"), void();
    std::sort(node.properties.begin(), node.properties.end(),
              [](const Property& a, const Property& b) { return a.name < b.name; });
    for (std::size_t i = 0; i < node.properties.size(); ++i)
      if (node.properties[i].required) node.required |= std::uint64_t{1} << i;
  }

  void require(const Json& names, const std::string& at, Node& node) {
    if (!names.is_array()) return refuse(at, "a list was expected"), void();
    for (const Json& name : names) {
      if (!name.is_string()) return refuse(at, "a list of texts was expected"), void();
      const auto& text = name.get_ref<const std::string&>();
      const auto known = std::find_if(node.properties.begin(), node.properties.end(),
                                      [&](const Property& p) { return p.name == text; });
      if (known != node.properties.end()) {
        known->required = true;
      } else {
        // Required but not described: additionalProperties rules its value.
        node.properties.push_back({text, node.additional, true});
      }
    }
  }

  SchemaProgram& program_;
  Keywords keywords_;
  Fault& fault_;
};

}  // namespace

Result<std::unique_ptr<const SchemaProgram>> compile_schema(const Json& schema, std::string name, Keywords keywords) {
  auto program = std::make_unique<SchemaProgram>();
  program->name = std::move(name);
  program->guard = keywords == Keywords::guard;
  program->nodes.emplace_back();
  program->nodes.emplace_back().types = 0;
  Fault fault;
  program->root = Compiler(*program, keywords, fault).schema(schema, "", 0);
  if (fault.found())
    return fail(ErrorCode::schema_invalid, {{"type", program->name},
                                            {"pointer", fault.first().pointer.empty() ? "/" : fault.first().pointer},
                                            {"reason", fault.first().reason}});
  return Result<std::unique_ptr<const SchemaProgram>>(std::move(program));
}

}  // namespace hub::registry
