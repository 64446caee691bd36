#include "hub/registry/type.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/registry/json_canonical.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"
#include "hub/registry/schema_annotations.hpp"

namespace hub::registry {
namespace {

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
    in.refuse("example",
              "the schema refuses it: " + pointer_in(valid.error()) + " " + valid.error().fact("reason_en"));
  if (schema.accepts(counterexample)) in.refuse("counterexample", "the schema lets it through");
}

TypeKind read_kind(ObjectReader& in) {
  const std::string kind = in.text_or("kind", "notice");
  if (kind != "notice" && kind != "system") in.refuse("kind", "must be notice or system");
  return kind == "system" ? TypeKind::system : TypeKind::notice;
}

bool is_text_or_integer(const nlohmann::json& field) {
  const auto is_text = [](const nlohmann::json& value) { return value.is_string(); };
  if (!field.is_object() || field.contains("contentEncoding")) return false;
  if (field.contains("type")) return field["type"] == "string" || field["type"] == "integer";
  if (field.contains("const")) return is_text(field["const"]);
  return field.contains("enum") && std::all_of(field["enum"].begin(), field["enum"].end(), is_text);
}

// A subject has every part of itself in every document: nothing is left out, nothing is a list.
void read_subject(ObjectReader& in, const nlohmann::json& source, Type& out) {
  if (!in.has("subject")) return;
  ObjectReader subject = in.object("subject");
  out.subject = SubjectTemplate::parse(subject.text("made_of"));
  out.subject_fixed = subject.boolean("fixed");
  subject.refuse_unknown();
  if (!out.subject) return subject.refuse("made_of", "braces must pair around the name of a field: {case_ref}");
  const nlohmann::json required = source.value("required", nlohmann::json::array());
  const nlohmann::json fields = source.value("properties", nlohmann::json::object());
  for (const std::string_view name : out.subject->fields()) {
    if (!fields.contains(name))
      return subject.refuse("made_of", "the schema has no field \"" + std::string(name) + "\"");
    if (std::find(required.begin(), required.end(), name) == required.end() || !is_text_or_integer(fields[name]))
      return subject.refuse("made_of", "\"" + std::string(name) + "\" must be a required text or integer");
  }
}

std::int64_t between(ObjectReader& in, const char* name, std::int64_t limit) {
  const std::int64_t out = in.integer(name);
  if (out < 1 || out > limit) in.refuse(name, "must be from 1 to " + std::to_string(limit));
  return out;
}

std::optional<std::uint32_t> read_retention_months(ObjectReader& in) {
  if (!in.has("retention_months")) return std::nullopt;
  return static_cast<std::uint32_t>(between(in, "retention_months", kRetentionMonthsMax));
}

AttachmentPolicy read_attachment_policy(ObjectReader& in) {
  AttachmentPolicy out;
  if (!in.has("attachments")) return out;
  ObjectReader attachments = in.object("attachments");
  const std::string policy = attachments.text("policy");
  if (policy == "permitted") {
    out.count_max = static_cast<std::uint32_t>(between(attachments, "count_max", kAttachmentsMax));
    out.bytes_max = static_cast<std::uint64_t>(between(attachments, "bytes_max", kAttachmentsBytesMax));
  } else if (policy != "none") {
    attachments.refuse("policy", "must be none or permitted");
  }
  attachments.refuse_unknown();
  return out;
}

// Whether `pointer` (the rest of one) names a field of an object schema, or one inside it.
bool names_field(const nlohmann::json& schema, std::string_view pointer) {
  const std::string_view first = pointer.substr(0, pointer.find('/', 1));
  const auto properties = schema.find("properties");
  if (properties == schema.end()) return false;
  for (const auto& [name, field] : properties->items())
    if (child_pointer("", name) == first)
      return first.size() == pointer.size() || (field.is_object() && names_field(field, pointer.substr(first.size())));
  return false;
}

std::vector<std::string> read_pointers(ObjectReader& in, const char* name, const nlohmann::json& source) {
  constexpr std::string_view kAttributes[] = {"/id", "/source",       "/type",    "/subject",   "/time",
                                              "/to", "/conversation", "/urgency", "/deliverat", "/docnumber"};
  std::vector<std::string> out;
  for (const nlohmann::json& one : in.array(name)) {
    const std::string pointer = one.is_string() ? one.get<std::string>() : std::string();
    const bool attribute = std::find(std::begin(kAttributes), std::end(kAttributes), pointer) != std::end(kAttributes);
    if (!attribute && !(pointer.starts_with("/data/") && names_field(source, pointer.substr(5))))
      in.refuse(name,
                "\"" + pointer + "\" names no field of the schema (as /data/due_on) and no attribute (as /urgency)");
    if (std::find(out.begin(), out.end(), pointer) != out.end()) in.refuse(name, "\"" + pointer + "\" is listed twice");
    out.push_back(pointer);
  }
  return out;
}

bool is_short_text(const nlohmann::json& field) {
  return field.is_object() && field.value("type", nlohmann::json()) == "string" &&
         field.value("maxLength", kCaseReferenceCharactersMax + 1) <= kCaseReferenceCharactersMax;
}

// They are copied into the document's record, so the schema bounds them.
void read_case_references(ObjectReader& reads, const nlohmann::json& source, Type& out) {
  if (!reads.has("case")) return;
  out.case_reads = read_pointers(reads, "case", source);
  if (out.case_reads.size() > kCaseReferencesMax)
    reads.refuse("case", "at most " + std::to_string(kCaseReferencesMax) + " fields");
  const nlohmann::json fields = source.value("properties", nlohmann::json::object());
  for (const std::string& pointer : out.case_reads) {
    const auto field = fields.find(pointer.substr(pointer.rfind('/') + 1));
    if (!pointer.starts_with("/data/") || field == fields.end() || !is_short_text(*field))
      reads.refuse("case", "\"" + pointer + "\" must be a text of data itself, with a maxLength of at most " +
                               std::to_string(kCaseReferenceCharactersMax));
  }
}

void read_reads(ObjectReader& in, const nlohmann::json& source, Type& out) {
  if (!in.has("reads")) return;
  ObjectReader reads = in.object("reads");
  out.routing_reads = read_pointers(reads, "routing", source);
  out.duty_reads = read_pointers(reads, "duties", source);
  read_case_references(reads, source, out);
  reads.refuse_unknown();
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
    fault.set("/schema" + pointer_in(schema.error()), schema.error().fact("reason"));
    return tl::unexpected(marks.invalid(fault));
  }
  if (!schema->closed()) in.refuse("schema", "every object must name its fields and state additionalProperties: false");
  check_examples(in, *schema, source);
  auto meaning = canonical_json(without_annotations(source));
  if (!meaning) fault.set("/schema" + pointer_in(meaning.error(), "path"), meaning.error().fact("reason"));
  if (fault.found()) return tl::unexpected(marks.invalid(fault));

  Type out{id,
           label_vi,
           label_en,
           read_kind(in),
           in.boolean_or("pre_trial", false),
           in.boolean_or("sensitive", false),
           {},
           false,
           read_attachment_policy(in),
           read_retention_months(in),
           {},
           {},
           {},
           std::move(*meaning),
           std::move(*schema)};
  read_subject(in, source, out);
  read_reads(in, source, out);
  in.refuse_unknown();
  if (fault.found()) return tl::unexpected(marks.invalid(fault));
  return out;
}

std::optional<Error> refuse_attachments(const Type& type, const AttachmentTotals& attachments) {
  if (attachments.count <= type.attachments.count_max && attachments.bytes <= type.attachments.bytes_max)
    return std::nullopt;
  return Error{ErrorCode::attachments_not_permitted,
               {{"type", type.id},
                {"count", std::to_string(attachments.count)},
                {"count_max", std::to_string(type.attachments.count_max)},
                {"bytes", std::to_string(attachments.bytes)},
                {"bytes_max", std::to_string(type.attachments.bytes_max)}}};
}

}  // namespace hub::registry
