#include <nlohmann/json.hpp>

#include "hub/registry/json_canonical.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"
#include "hub/registry/registry.hpp"

namespace hub::registry {
namespace {

// Parts of an error that a schema gives, said of the file that holds the schema or the example.
std::string fact(const Error& error, std::string_view name) {
  for (const Fact& f : error.facts)
    if (f.name == name) return f.value == "/" ? "" : f.value;
  return {};
}

// An example in its document form: what the schema calls base64 is binary there.
nlohmann::json document_form(const nlohmann::json& value, const nlohmann::json& schema) {
  if (value.is_string() && schema.contains("contentEncoding")) {
    const auto bytes = from_base64(value.get_ref<const std::string&>());
    return bytes ? nlohmann::json::binary(*bytes) : value;
  }
  nlohmann::json out = value;
  for (auto& [name, member] : out.items()) {
    if (out.is_object() && schema.contains("properties") && schema["properties"].contains(name))
      member = document_form(member, schema["properties"][name]);
    if (out.is_array() && schema.contains("items")) member = document_form(member, schema["items"]);
  }
  return out;
}

// The examples are documentation that can't be wrong.
void check_examples(ObjectReader& in, const Schema& schema, const nlohmann::json& source) {
  const Buffer example = nlohmann::json::to_msgpack(document_form(in.value("example"), source));
  const Buffer counterexample = nlohmann::json::to_msgpack(document_form(in.value("counterexample"), source));
  if (const auto valid = schema.validate(example); !valid)
    in.refuse("example", "the schema refuses it: " + fact(valid.error(), "pointer") + " " +
                             fact(valid.error(), "reason_en"));
  if (schema.accepts(counterexample)) in.refuse("counterexample", "the schema lets it through");
}

}  // namespace

Result<Type> read_type(const nlohmann::json& value, const Marks& marks) {
  Fault fault;
  ObjectReader in(value, "", fault);
  const std::string id = in.text("type");
  if (!is_type_id(id)) in.refuse("type", "a type's id was expected, as trial-result-report/1");
  ObjectReader label = in.object("label");
  const std::string label_vi = label.text("vi"), label_en = label.text("en");
  label.refuse_unknown();
  const auto& source = in.value("schema");
  if (fault.found()) return tl::unexpected(marks.invalid(fault));

  auto schema = Schema::compile(source, id);
  if (!schema) {
    fault.set("/schema" + fact(schema.error(), "pointer"), fact(schema.error(), "reason"));
    return tl::unexpected(marks.invalid(fault));
  }
  if (!schema->closed())
    in.refuse("schema", "every object must name its fields and state additionalProperties: false");
  check_examples(in, *schema, source);
  in.refuse_unknown();
  auto text = canonical_json(source);
  if (!text) fault.set("/schema" + fact(text.error(), "path"), fact(text.error(), "reason"));
  if (fault.found()) return tl::unexpected(marks.invalid(fault));
  return Type{id, label_vi, label_en, std::move(*text), std::move(*schema)};
}

Result<void> Registry::apply_type(const Item& item) {
  nlohmann::json value;
  const auto marks = parse_json_strict(item.canonical, "type " + item.id, value);
  if (!marks) return tl::unexpected(marks.error());
  auto type = read_type(value, *marks);
  if (!type) return tl::unexpected(type.error());
  if (type->id != item.id) return tl::unexpected(marks->invalid({"/type", "differs from the item's id"}));
  const auto known = this->type(item.id);
  if (!known) {
    type_ids_.emplace(item.id, TypeIndex(static_cast<std::uint32_t>(types_.size())));
    types_.push_back(std::move(*type));
    return {};
  }
  // Documents of this version are in the journal: what they mean must not change.
  if (types_[known->value].schema_text != type->schema_text)
    return tl::unexpected(marks->invalid({"/schema", "this version is registered with another schema: add a version"}));
  types_[known->value] = std::move(*type);
  return {};
}

}  // namespace hub::registry
