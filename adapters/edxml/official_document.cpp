#include "adapters/edxml/official_document.hpp"

#include <re2/re2.h>

#include "adapters/edxml/refusal.hpp"

namespace hub::edxml {
namespace {

using Json = nlohmann::json;

std::size_t characters(std::string_view text) {
  std::size_t out = 0;
  for (const char c : text) out += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return out;
}

// The bounds of schemas/types/official-document.1.json.
class Fields {
 public:
  Fields(Json& to, std::vector<std::string>& notes) : to_(to), notes_(notes) {}

  void text(const char* name, const std::string& value, std::size_t characters_max) {
    if (value.empty()) return;
    if (characters(value) > characters_max) return left_out(name, characters_max);
    to_[name] = value;
  }
  void date(const char* name, const std::optional<LocalDate>& value) {
    if (value) to_[name] = format_date(*value);
  }
  void amount(const char* name, const std::optional<std::uint32_t>& value, std::uint32_t least) {
    if (value && *value >= least && *value <= 100'000) to_[name] = *value;
  }
  void list(const char* name, const std::vector<std::string>& values, std::size_t items_max,
            std::size_t characters_max) {
    if (values.empty()) return;
    Json items = Json::array();
    for (const std::string& value : values) {
      if (items.size() == items_max || characters(value) > characters_max) {
        left_out(name, characters_max);
        continue;
      }
      items.push_back(value);
    }
    to_[name] = std::move(items);
  }

 private:
  void left_out(const char* name, std::size_t characters_max) {
    notes_.push_back(std::string(name) + " is longer than official-document/1 takes (" +
                     std::to_string(characters_max) + " characters): left out");
  }

  Json& to_;
  std::vector<std::string>& notes_;
};

Json responses(const Message& message, std::vector<std::string>& notes) {
  Json out = Json::array();
  for (const DocumentReference& reference : message.response_for) {
    if (reference.organ_id.empty() || reference.code.empty() || characters(reference.organ_id) > 64 ||
        characters(reference.code) > 100) {
      notes.push_back("ResponseFor at line " + std::to_string(reference.line) +
                      " has no code of an organisation and a document: left out of the fields");
      continue;
    }
    Json item = {{"organ_id", reference.organ_id}, {"code", reference.code}};
    Fields fields(item, notes);
    fields.date("promulgation_date", reference.promulgation_date);
    fields.text("document_id", reference.document_id, 200);
    out.push_back(std::move(item));
  }
  return out;
}

std::string text_of(const Json& data, const char* name) {
  const auto found = data.find(name);
  return found != data.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> texts_of(const Json& data, const char* name) {
  std::vector<std::string> out;
  const auto found = data.find(name);
  if (found != data.end() && found->is_array())
    for (const Json& item : *found)
      if (item.is_string()) out.push_back(item.get<std::string>());
  return out;
}

std::optional<std::uint32_t> amount_of(const Json& data, const char* name) {
  const auto found = data.find(name);
  if (found == data.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint32_t>();
}

}  // namespace

Result<Json> official_document(const Message& message, std::vector<std::string>& notes) {
  if (characters(message.code_number) > 32)
    return tl::unexpected(beyond(message.header_line, "số ký tự của CodeNumber", "characters of CodeNumber", 32));
  if (characters(message.code_notation) > 64)
    return tl::unexpected(beyond(message.header_line, "số ký tự của CodeNotation", "characters of CodeNotation", 64));
  Json out = {{"code_number", message.code_number},
              {"code_notation", message.code_notation},
              {"promulgation_date", format_date(message.promulgation_date)}};
  Fields fields(out, notes);
  fields.text("promulgation_place", message.promulgation_place, 100);
  fields.text("document_type_name", message.document_type_name, 100);
  fields.text("content", message.content, 4000);
  if (!message.signer_position.empty() && characters(message.signer_position) <= 100) {
    Json signer = {{"position", message.signer_position}};
    Fields(signer, notes).text("competence", message.signer_competence, 100);
    out["signer"] = std::move(signer);
  }
  fields.date("due_date", message.due_date);
  fields.list("to_places", message.to_places, 100, 200);
  fields.text("sphere_of_promulgation", message.sphere_of_promulgation, 100);
  fields.amount("promulgation_amount", message.promulgation_amount, 0);
  fields.amount("page_amount", message.page_amount, 1);
  fields.list("appendixes", message.appendixes, 100, 300);
  if (Json list = responses(message, notes); !list.empty()) out["response_for"] = std::move(list);
  return out;
}

void put_official_document(const Json& data, Message& to) {
  to.code_number = text_of(data, "code_number");
  to.code_notation = text_of(data, "code_notation");
  if (const auto date = parse_date(text_of(data, "promulgation_date"))) to.promulgation_date = *date;
  to.promulgation_place = text_of(data, "promulgation_place");
  to.document_type_name = text_of(data, "document_type_name");
  to.content = text_of(data, "content");
  if (const auto signer = data.find("signer"); signer != data.end() && signer->is_object()) {
    to.signer_competence = text_of(*signer, "competence");
    to.signer_position = text_of(*signer, "position");
  }
  to.due_date = parse_date(text_of(data, "due_date"));
  to.to_places = texts_of(data, "to_places");
  to.sphere_of_promulgation = text_of(data, "sphere_of_promulgation");
  to.promulgation_amount = amount_of(data, "promulgation_amount");
  to.page_amount = amount_of(data, "page_amount");
  to.appendixes = texts_of(data, "appendixes");
  const auto list = data.find("response_for");
  if (list == data.end() || !list->is_array()) return;
  for (const Json& item : *list)
    if (item.is_object())
      to.response_for.push_back({text_of(item, "organ_id"), text_of(item, "code"), text_of(item, "document_id"),
                                 parse_date(text_of(item, "promulgation_date")), 0});
}

std::string document_number(std::string_view number, std::string_view notation) {
  // The Party's notations have the body after a stroke ("CV/HU"), so that number and notation are joined by a dash.
  static const re2::RE2 of_the_party(R"(\p{L}[\p{L}0-9]*/[\p{L}0-9.-]+)");
  const bool party = re2::RE2::FullMatch(notation, of_the_party);
  return std::string(number) + (party ? "-" : "/") + std::string(notation);
}

std::pair<std::string, std::string> number_and_notation(std::string_view document_number) {
  static const re2::RE2 of_the_party(R"((\d+\w*)-(\p{L}[\p{L}0-9]*/[\p{L}0-9.-]+))");
  static const re2::RE2 of_the_state(R"(([^/]+)/(.+))");
  std::string number, notation;
  if (re2::RE2::FullMatch(document_number, of_the_party, &number, &notation) ||
      re2::RE2::FullMatch(document_number, of_the_state, &number, &notation))
    return {number, notation};
  return {};
}

}  // namespace hub::edxml
