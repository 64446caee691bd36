#include "hub/app/schema_text.hpp"

#include <algorithm>

#include "hub/app/table.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

std::string bytes_text(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {" B", " KiB", " MiB", " GiB"};
  std::size_t unit = 0;
  for (; unit < 3 && bytes % 1024 == 0 && bytes > 0; ++unit) bytes /= 1024;
  return std::to_string(bytes) + kUnits[unit];
}

std::string range_text(const Json& schema, const char* lower, const char* upper) {
  const bool from = schema.contains(lower), to = schema.contains(upper);
  if (from && to) return " " + schema[lower].dump() + "–" + schema[upper].dump();
  if (from) return " ≥ " + schema[lower].dump();
  return to ? " ≤ " + schema[upper].dump() : "";
}

std::string values_text(const Json& values) {
  std::string out;
  for (const Json& value : values)
    out.append(out.empty() ? "" : " | ").append(value.is_string() ? value.get<std::string>() : value.dump());
  return out;
}

std::string text_form(const Json& schema) {
  if (schema.contains("contentEncoding"))
    return "dữ liệu nhị phân/binary" + range_text(schema, "minLength", "maxLength");
  const std::string format = schema.value("format", "");
  if (format == "date") return "ngày/date";
  if (format == "date-time") return "thời điểm/date-time";
  if (format == "uuid") return "mã UUID/uuid";
  return "chuỗi ký tự/text" + range_text(schema, "minLength", "maxLength") +
         (schema.contains("pattern") ? " " + schema["pattern"].get<std::string>() : "");
}

// What a value of the schema may be.
std::string form_text(const Json& schema) {
  if (!schema.is_object()) return "";
  if (schema.contains("const")) return values_text(Json::array({schema["const"]}));
  if (schema.contains("enum")) return values_text(schema["enum"]);
  const Json type = schema.value("type", Json());
  if (type == "string") return text_form(schema);
  if (type == "integer") return "số nguyên/integer" + range_text(schema, "minimum", "maximum");
  if (type == "number") return "số/number" + range_text(schema, "minimum", "maximum");
  if (type == "boolean") return "đúng hoặc sai/true or false";
  if (type == "object") return "đối tượng/object";
  if (type == "array")
    return "danh sách/list" + range_text(schema, "minItems", "maxItems") + ": " +
           form_text(schema.value("items", Json::object()));
  return values_text(type.is_array() ? type : Json::array());
}

void add_fields(const Json& schema, const std::string& within, Rows& rows) {
  if (!schema.is_object()) return;
  const Json required = schema.value("required", Json::array());
  const Json fields = schema.value("properties", Json::object());
  for (const auto& [name, field] : fields.items()) {
    const bool needed = std::find(required.begin(), required.end(), name) != required.end();
    rows.push_back({within + name, form_text(field), needed ? "có/yes" : "",
                    field.is_object() ? field.value("title", std::string()) : ""});
    add_fields(field, within + name + "/", rows);
    if (field.is_object() && field.contains("items")) add_fields(field["items"], within + name + "/*/", rows);
  }
}

std::string joined(const std::vector<std::string>& pointers) {
  std::string out;
  for (const std::string& pointer : pointers) out.append(out.empty() ? "" : ", ").append(pointer);
  return out.empty() ? "–" : out;
}

std::string subject_text(const registry::Type& type) {
  if (!type.subject) return "tùy người gửi / as the sender says";
  return type.subject->text() + (type.subject_fixed ? " (cố định / fixed)" : " (gợi ý / suggested)");
}

}  // namespace

std::string attachments_text(const registry::AttachmentPolicy& policy) {
  if (policy.count_max == 0) return "none";
  return "up to " + std::to_string(policy.count_max) + ", " + bytes_text(policy.bytes_max);
}

Json attachments_json(const registry::AttachmentPolicy& policy) {
  if (policy.count_max == 0) return {{"policy", "none"}};
  return {{"policy", "permitted"}, {"count_max", policy.count_max}, {"bytes_max", policy.bytes_max}};
}

std::string type_text(const agreements::TypeFile& file) {
  const registry::Type& type = file.type;
  const Rows about = {{"mã / id", type.id},
                      {"tên / label", type.label_vi + " / " + type.label_en},
                      {"loại / kind", registry::kind_name(type.kind)},
                      {"trích yếu / subject", subject_text(type)},
                      {"tệp kèm / attachments", attachments_text(type.attachments)},
                      {"điều khoản đọc / clauses read", joined(type.routing_reads)},
                      {"thời hạn đọc / duties read", joined(type.duty_reads)},
                      {"số vụ việc / case references", joined(type.case_reads)}};
  Rows fields = {{"trường/field", "giá trị/value", "bắt buộc/required", "tên/title"}};
  add_fields(Json::parse(file.text)["schema"], "", fields);
  return table(about) + "\n\n" + table(fields);
}

}  // namespace hub::app
