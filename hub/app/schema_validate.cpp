#include "hub/app/schema_validate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/app/files.hpp"
#include "hub/registry/document_json.hpp"

namespace hub::app {
namespace {

Error violation(std::string pointer, std::string vietnamese, std::string english) {
  return {ErrorCode::schema_violation,
          {{"pointer", std::move(pointer)}, {"reason_vi", std::move(vietnamese)}, {"reason_en", std::move(english)}}};
}

class Validator {
 public:
  Validator(const registry::Type& type, const std::string& path) : type_(type), path_(path), marks_(path) {}

  Result<ValidFile> run() {
    const auto text = read_file(path_);
    if (!text) return tl::unexpected(text.error());
    nlohmann::json value;
    auto marks = registry::parse_json_strict(*text, path_, value);
    if (!marks) return fail(ErrorCode::file_not_json, marks.error().facts);
    marks_ = std::move(*marks);
    const bool whole =
        value.is_object() && (value.contains("data") || (value.contains("type") && value.contains("to")));
    data_at_ = whole ? "/data" : "";
    return whole ? notice(value) : data(value);
  }

 private:
  Result<ValidFile> notice(const nlohmann::json& value) {
    const auto fields = read(value);
    if (!fields) return tl::unexpected(fields.error());
    if (fields->type != type_.id)
      return placed(violation("/type", "phải là \"" + type_.id + "\"", "must be \"" + type_.id + "\""), "/type");
    auto valid = fields_follow(fields->data);
    if (valid && type_.subject_fixed && fields->subject != valid->subject)
      return placed(violation("/subject", "trích yếu của loại văn bản này phải đúng là \"" + valid->subject + "\"",
                              "the subject of this type must be exactly \"" + valid->subject + "\""),
                    "/subject");
    return valid;
  }

  // Read as if it stood in a notice, so that its text is normalised as an adapter does.
  Result<ValidFile> data(const nlohmann::json& value) {
    const auto fields = read({{"type", type_.id}, {"to", "a"}, {"subject", "a"}, {"data", value}});
    if (!fields) return tl::unexpected(fields.error());
    return fields_follow(fields->data);
  }

  Result<registry::DocumentFields> read(const nlohmann::json& notice) {
    auto fields = registry::document_from_json(notice.dump());
    if (fields) return fields;
    Error error = std::move(fields.error());
    std::erase_if(error.facts,
                  [](const Fact& f) { return f.name == "line" || f.name == "column" || f.name == "path"; });
    error.facts.push_back({"path", path_});
    std::string at = registry::pointer_in(error);
    if (data_at_.empty() && at.starts_with("/data")) at.erase(0, 5);
    return placed(std::move(error), at);
  }

  Result<ValidFile> fields_follow(const Buffer& fields) {
    auto valid = type_.schema.validate(fields);
    if (!valid) return placed(valid.error(), data_at_ + registry::pointer_in(valid.error()));
    return ValidFile{type_.subject ? type_.subject->make(fields) : ""};
  }

  tl::unexpected<Error> placed(Error error, const std::string& at) const {
    const registry::Mark mark = marks_.find(at);
    error.facts.push_back({"file", path_});
    error.facts.push_back({"line", std::to_string(mark.line)});
    error.facts.push_back({"column", std::to_string(mark.column)});
    return tl::unexpected(std::move(error));
  }

  const registry::Type& type_;
  const std::string& path_;
  registry::Marks marks_;
  std::string data_at_;
};

}  // namespace

Result<ValidFile> validate_file(const registry::Type& type, const std::string& path) {
  return Validator(type, path).run();
}

}  // namespace hub::app
