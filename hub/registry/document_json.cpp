#include "hub/registry/document_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/msgpack_json.hpp"
#include "hub/registry/nfc.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::registry {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kKeys[] = {"specversion",  "id",        "source",     "type",      "subject",         "time",
                                      "to",           "salt",      "urgency",    "deliverat", "datacontenttype", "data",
                                      "conversation", "docnumber", "attachments"};

struct Violation {
  std::string pointer, vietnamese, english;
};

class FieldsReader {
 public:
  FieldsReader(const Json& root, const Marks& marks) : root_(root), marks_(marks) {}

  Result<DocumentFields> run() {
    if (!root_.is_object()) return refuse({"/", "tệp phải là một đối tượng JSON", "the file must be a JSON object"});
    for (const auto& [key, unused] : root_.get_ref<const Json::object_t&>())
      if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys))
        return refuse({child_pointer("", key), "trường này không được biết", "this field is not known"});
    DocumentFields out;
    constant("specversion", "1.0");
    constant("datacontenttype", "application/json");
    out.source = text("source", false);
    out.type = text("type", true);
    out.subject = text("subject", true);
    out.to = text("to", true);
    out.docnumber = text("docnumber", false);
    out.id = parsed("id", parse_uuid, "phải là mã UUID viết thường", "must be a lower-case UUID");
    out.conversation = parsed("conversation", parse_uuid, "phải là mã UUID viết thường", "must be a lower-case UUID");
    out.time = time("time");
    out.deliver_at = time("deliverat");
    out.salt = parsed("salt", salt, "phải là 16 byte dạng base64", "must be 16 bytes as base64");
    out.urgency = urgency();
    attachments(out.attachments);
    out.data = data();
    if (violation_) return refuse(*violation_);
    return out;
  }

 private:
  tl::unexpected<Error> refuse(const Violation& violation) const {
    const Mark mark = marks_.find(violation.pointer);
    return fail(ErrorCode::schema_violation, {{"pointer", violation.pointer},
                                              {"reason_vi", violation.vietnamese},
                                              {"reason_en", violation.english},
                                              {"line", std::to_string(mark.line)},
                                              {"column", std::to_string(mark.column)}});
  }
  void violate(std::string pointer, std::string vietnamese, std::string english) {
    if (!violation_) violation_ = Violation{std::move(pointer), std::move(vietnamese), std::move(english)};
  }
  void violate(const char* key, std::string vietnamese, std::string english) {
    violate(child_pointer("", key), std::move(vietnamese), std::move(english));
  }

  std::string text(const char* key, bool required) {
    const auto found = root_.find(key);
    if (found == root_.end()) {
      const std::string name = "\"" + std::string(key) + "\"";
      if (required) violate(std::string("/"), "thiếu " + name, name + " is missing");
      return {};
    }
    if (!found->is_string() || found->get_ref<const std::string&>().empty()) {
      violate(key, "phải là chuỗi ký tự không rỗng", "must be a text that is not empty");
      return {};
    }
    return nfc(found->get_ref<const std::string&>());
  }
  void constant(const char* key, std::string_view value) {
    if (const std::string found = text(key, false); !found.empty() && found != value)
      violate(key, "phải là \"" + std::string(value) + "\"", "must be \"" + std::string(value) + "\"");
  }
  template <class Parse>
  auto parsed(const char* key, Parse parse, const char* vietnamese, const char* english)
      -> decltype(parse(std::string_view())) {
    const std::string found = text(key, false);
    if (found.empty()) return std::nullopt;
    auto out = parse(found);
    if (!out) violate(key, vietnamese, english);
    return out;
  }
  std::optional<UnixMicros> time(const char* key) {
    return parsed(key, parse_rfc3339, "phải là thời điểm có múi giờ, dạng 2024-03-12T08:00:00+07:00",
                  "must be a time with an offset such as 2024-03-12T08:00:00+07:00");
  }
  static std::optional<Bytes<16>> salt(std::string_view text) {
    const auto bytes = from_base64(text);
    return bytes ? fixed<16>(*bytes) : std::nullopt;
  }
  std::uint8_t urgency() {
    const auto found = root_.find("urgency");
    if (found == root_.end()) return 0;
    if (found->is_number_unsigned() && found->get<std::uint64_t>() <= kUrgencyMax) return found->get<std::uint8_t>();
    violate("urgency", "phải là số nguyên từ 0 đến 4", "must be an integer from 0 to 4");
    return 0;
  }
  void attachments(std::vector<AttachmentFields>& out) {
    const auto found = root_.find("attachments");
    if (found == root_.end()) return;
    if (!found->is_array() || found->empty() || found->size() > kAttachmentsMax)
      return violate("attachments", "phải là danh sách từ 1 đến 20 tệp đính kèm",
                     "must be a list of 1 to 20 attachments");
    for (const Json& item : *found) {
      const std::string at = child_pointer("/attachments", out.size());
      if (!item.is_object()) return violate(at, "phải là một đối tượng", "must be an object");
      out.push_back(attachment(item, at));
    }
  }
  // With `name` or `file` at least; the other one is the same then.
  AttachmentFields attachment(const Json& item, const std::string& at) {
    AttachmentFields out;
    for (const auto& [key, value] : item.get_ref<const Json::object_t&>()) {
      const std::string member = child_pointer(at, key);
      if (key == "size") {
        if (value.is_number_unsigned()) out.size = value.get<std::uint64_t>();
        if (!out.size) violate(member, "phải là số byte", "must be a number of bytes");
      } else if (key == "sha256") {
        const auto bytes = value.is_string() ? from_hex(value.get_ref<const std::string&>()) : std::nullopt;
        out.sha256 = bytes ? fixed<32>(*bytes) : std::nullopt;
        if (!out.sha256) violate(member, "phải là 64 chữ số thập lục phân", "must be 64 hexadecimal digits");
      } else if (key == "name" || key == "mediatype" || key == "file") {
        std::string& text = key == "name" ? out.name : key == "file" ? out.file : out.mediatype;
        if (value.is_string()) text = value.get<std::string>();
        if (key != "file") text = nfc(text);  // a file is found under the name that it has
        const bool good = key == "mediatype" ? is_media_type(text) : is_attachment_name(nfc(text));
        if (!good)
          violate(member, "phải là tên tệp không có đường dẫn, hoặc kiểu như application/pdf",
                  "must be a plain file name, or a type such as application/pdf");
      } else {
        violate(member, "trường này không được biết", "this field is not known");
      }
    }
    if (out.name.empty()) out.name = nfc(out.file);
    if (out.file.empty()) out.file = out.name;
    if (out.mediatype.empty()) out.mediatype = "application/octet-stream";
    if (out.name.empty()) violate(at, "thiếu \"name\"", "\"name\" is missing");
    return out;
  }
  Buffer data() {
    const auto found = root_.find("data");
    if (found != root_.end() && found->is_object()) return Json::to_msgpack(normalised(*found, "/data"));
    violate("data", "phải là đối tượng chứa các trường của loại văn bản", "must be the object of the type's fields");
    return {};
  }
  Json normalised(const Json& value, const std::string& pointer) {
    if (value.is_string()) return nfc(value.get_ref<const std::string&>());
    if (value.is_array()) {
      Json out = Json::array();
      for (const Json& item : value) out.push_back(normalised(item, child_pointer(pointer, out.size())));
      return out;
    }
    if (!value.is_object()) return value;
    Json out = Json::object();
    for (const auto& [key, member] : value.get_ref<const Json::object_t&>()) {
      const std::string at = child_pointer(pointer, key);
      if (!out.emplace(nfc(key), normalised(member, at)).second)
        violate(at, "trường này xuất hiện hai lần", "this field stands here twice");
    }
    return out;
  }

  const Json& root_;
  const Marks& marks_;
  std::optional<Violation> violation_;
};

}  // namespace

Result<DocumentFields> document_from_json(std::string_view text) {
  // A document grows as JSON by indentation and base64; one that is longer can't be one that is accepted.
  constexpr std::size_t kTextBytesMax = 4 * kDocumentBytesMax;
  if (text.size() > kTextBytesMax)
    return fail(ErrorCode::file_too_large,
                {{"path", ""}, {"actual", std::to_string(text.size())}, {"limit", std::to_string(kTextBytesMax)}});
  Json root;
  const auto marks = parse_json_strict(text, "", root);
  if (!marks) return fail(ErrorCode::file_not_json, marks.error().facts);
  return FieldsReader(root, *marks).run();
}

std::string document_to_json(const DocumentView& document) {
  nlohmann::ordered_json out;
  out["specversion"] = "1.0";
  out["id"] = to_text(document.id);
  out["source"] = document.source;
  out["type"] = document.type;
  out["subject"] = document.subject;
  out["time"] = format_rfc3339(document.time);
  out["to"] = document.to;
  out["conversation"] = to_text(document.conversation);
  out["urgency"] = document.urgency;
  if (document.deliver_at) out["deliverat"] = format_rfc3339(*document.deliver_at);
  if (!document.docnumber.empty()) out["docnumber"] = document.docnumber;
  out["datacontenttype"] = "application/json";
  out["salt"] = to_base64(document.salt);
  for (const AttachmentView& attachment : read_attachments(document.attachments))
    out["attachments"].push_back({{"name", attachment.name},
                                  {"mediatype", attachment.mediatype},
                                  {"size", attachment.size},
                                  {"sha256", to_hex(attachment.sha256)}});
  MsgpackReader data(document.data);
  out["data"] = next_as_json(data);
  return out.dump(2) + "\n";
}

}  // namespace hub::registry
