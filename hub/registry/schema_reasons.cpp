#include "hub/registry/schema_reasons.hpp"

#include <cstdio>

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/schema_values.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::registry {
namespace {

std::string print(Number number) {
  char out[64];
  std::snprintf(out, sizeof out, "%.21Lg", number);
  return out;
}

// A scalar as a reader would write it; a list or an object as an ellipsis.
std::string print(ByteView value) {
  MsgpackReader in(value);
  if (const auto text = in.read_string()) return "\"" + std::string(*text) + "\"";
  if (const auto boolean = in.read_bool()) return *boolean ? "true" : "false";
  if (in.read_nil()) return "null";
  if (const auto number = read_number(in)) return print(*number);
  return "…";
}

}  // namespace

std::string pointer_of(const Path& path) {
  if (path.parent == nullptr) return {};
  const std::string parent = pointer_of(*path.parent);
  return path.index == Path::kNoIndex ? child_pointer(parent, path.key) : child_pointer(parent, path.index);
}

Error violation(const Path& path, Reason reason) {
  const std::string pointer = pointer_of(path);
  return Error{ErrorCode::schema_violation,
               {{"pointer", pointer.empty() ? "/" : pointer},
                {"reason_vi", std::move(reason.vietnamese)},
                {"reason_en", std::move(reason.english)}}};
}

Reason reason_malformed() { return {"mã hóa MessagePack sai", "the MessagePack encoding is wrong"}; }
Reason reason_depth() {
  const std::string bound = std::to_string(kSchemaDepthMax);
  return {"lồng nhau sâu hơn " + bound + " lớp", "nested deeper than " + bound};
}
Reason reason_unknown() { return {"trường này không có trong quy định của loại", "this field is not known here"}; }
Reason reason_duplicate() { return {"trường này xuất hiện hai lần", "this field stands here twice"}; }
Reason reason_key() { return {"tên trường phải là chuỗi ký tự", "the name of a field must be a text"}; }
Reason reason_members() {
  const std::string bound = std::to_string(kObjectMembersMax);
  return {"có hơn " + bound + " trường", "there are more than " + bound + " fields"};
}

Reason reason_type(std::uint16_t types) {
  struct Name {
    std::uint16_t types;
    const char *vietnamese, *english;
  };
  static constexpr Name kNames[] = {{kNull, "rỗng", "null"},
                                    {kBoolean, "đúng hoặc sai", "true or false"},
                                    {kInteger | kFraction, "số", "a number"},
                                    {kInteger, "số nguyên", "an integer"},
                                    {kString, "chuỗi ký tự", "a text"},
                                    {kBinary, "dữ liệu nhị phân", "binary data"},
                                    {kArray, "danh sách", "a list"},
                                    {kObject, "đối tượng", "an object"}};
  Reason out{"phải là", "must be"};
  const char *vietnamese_joint = " ", *english_joint = " ";
  for (const Name& name : kNames) {
    if ((types & name.types) != name.types) continue;
    types = static_cast<std::uint16_t>(types & ~name.types);
    out.vietnamese.append(vietnamese_joint).append(name.vietnamese);
    out.english.append(english_joint).append(name.english);
    vietnamese_joint = " hoặc ";
    english_joint = " or ";
  }
  return out;
}

Reason reason_values(const Node& node) {
  std::string list;
  for (const Buffer& value : node.values) list.append(list.empty() ? "" : ", ").append(print(value));
  if (node.values.size() == 1) return {"phải là " + list, "must be " + list};
  return {"phải là một trong " + list, "must be one of " + list};
}

Reason reason_minimum(Number bound) {
  return {"phải từ " + print(bound) + " trở lên", "must be at least " + print(bound)};
}
Reason reason_maximum(Number bound) { return {"không được quá " + print(bound), "must be at most " + print(bound)}; }

Reason reason_length_min(std::uint32_t bound) {
  const std::string n = std::to_string(bound);
  return {"phải dài ít nhất " + n + " ký tự", "must have at least " + n + " characters"};
}
Reason reason_length_max(std::uint32_t bound) {
  const std::string n = std::to_string(bound);
  return {"không được dài quá " + n + " ký tự", "must have at most " + n + " characters"};
}
Reason reason_items_min(std::uint32_t bound) {
  const std::string n = std::to_string(bound);
  return {"phải có ít nhất " + n + " mục", "must have at least " + n + " items"};
}
Reason reason_items_max(std::uint32_t bound) {
  const std::string n = std::to_string(bound);
  return {"không được có quá " + n + " mục", "must have at most " + n + " items"};
}

Reason reason_format(Format format) {
  switch (format) {
    case Format::date: return {"phải là ngày có thật, dạng 2024-03-12", "must be a real date such as 2024-03-12"};
    case Format::date_time:
      return {"phải là thời điểm có múi giờ, dạng 2024-03-12T08:00:00+07:00",
              "must be a time with an offset such as 2024-03-12T08:00:00+07:00"};
    default: return {"phải là mã UUID viết thường", "must be a lower-case UUID"};
  }
}

Reason reason_pattern(const std::string& pattern) {
  return {"không đúng mẫu " + pattern, "does not match the pattern " + pattern};
}

Reason reason_missing(const Node& node, std::uint64_t seen) {
  std::string list;
  for (std::size_t i = 0; i < node.properties.size(); ++i) {
    if (!node.properties[i].required || (seen >> i & 1) != 0) continue;
    list.append(list.empty() ? "\"" : ", \"").append(node.properties[i].name).append("\"");
  }
  return {"thiếu " + list, list + " is missing"};
}

}  // namespace hub::registry
