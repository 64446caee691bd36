#include "adapters/edxml/hub_data.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "adapters/edxml/limits.hpp"
#include "adapters/edxml/refusal.hpp"
#include "adapters/edxml/text_file.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/document_json.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::edxml {
namespace {

using Json = nlohmann::json;

tl::unexpected<Error> wrong(const Attachment& attachment, const std::string& vietnamese, const std::string& english) {
  return refuse(attachment.line, "hub-data.json: " + vietnamese, "hub-data.json: " + english);
}

std::set<std::string> parties(const std::string& to) {
  std::set<std::string> out;
  for (const std::string_view party : registry::recipients(to)) out.emplace(party);
  return out;
}

void fill(Json& json, const char* name, const std::string& value) {
  if (!json.contains(name) && !value.empty()) json[name] = value;
}

}  // namespace

Result<registry::DocumentFields> read_hub_data(const Attachment& attachment, registry::DocumentFields header) {
  const auto text = read_text_file(attachment.path, kHubDataBytesMax);
  if (!text) return tl::unexpected(text.error());
  Json json;
  if (const auto marks = registry::parse_json_strict(*text, std::string(attachment.name), json); !marks)
    return wrong(attachment, hub::fill("dòng {line}, cột {column}: {reason}", marks.error().facts),
                 hub::fill("line {line}, column {column}: {reason}", marks.error().facts));
  if (!json.is_object()) return wrong(attachment, "phải là một đối tượng JSON", "it must be a JSON object");
  // What the adapter adds for its agency is no part of the document; attachments are those of the edXML.
  json.erase("delivery");
  json.erase("attachments");
  const bool whole = json.contains("id");
  fill(json, "to", header.to);
  if (!whole) {
    fill(json, "subject", header.subject);
    fill(json, "docnumber", header.docnumber);
    if (!json.contains("urgency")) json["urgency"] = header.urgency;
  }
  auto fields = registry::document_from_json(json.dump());
  if (!fields)
    return wrong(attachment, hub::fill("{pointer}: {reason_vi}", fields.error().facts),
                 hub::fill("{pointer}: {reason_en}", fields.error().facts));
  if (!fields->source.empty() && fields->source != header.source)
    return wrong(attachment, "nơi gửi là " + fields->source + ", phần đầu ghi " + header.source,
                 "it is from " + fields->source + ", the header from " + header.source);
  if (parties(fields->to) != parties(header.to))
    return wrong(attachment, "nơi nhận là " + fields->to + ", phần đầu ghi " + header.to,
                 "it is to " + fields->to + ", the header to " + header.to);
  fields->source = header.source;
  if (!whole) {
    fields->id = header.id;
    if (!fields->conversation) fields->conversation = header.conversation;
  }
  return fields;
}

std::string hub_data(const registry::DocumentView& document, const std::string& delivery) {
  std::string out = registry::document_to_json(document);
  if (delivery.empty()) return out;
  auto json = nlohmann::ordered_json::parse(out, nullptr, false);
  HUB_CHECK(!json.is_discarded());
  json["delivery"] = nlohmann::ordered_json::parse(delivery, nullptr, false);
  HUB_CHECK(json["delivery"].is_object());
  return json.dump(2) + "\n";
}

}  // namespace hub::edxml
