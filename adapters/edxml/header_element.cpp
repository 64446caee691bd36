#include "adapters/edxml/header_element.hpp"

#include <algorithm>
#include <iterator>

#include "hub/base/check.hpp"

namespace hub::edxml {
namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : "; ") + item;
  return out;
}

std::string date(const std::optional<LocalDate>& value) { return value ? format_date(*value) : ""; }

template <class Number>
std::string number(const std::optional<Number>& value) {
  return value ? std::to_string(*value) : "";
}

const DocumentReference& response(const Message& message) {
  static const DocumentReference none;
  return message.response_for.empty() ? none : message.response_for.front();
}

struct Known {
  std::string_view name;
  std::string (*value)(const Message&);
};

constexpr Known kKnown[] = {
    {"From/OrganId", [](const Message& m) { return m.from.organ_id; }},
    {"From/OrganName", [](const Message& m) { return m.from.name; }},
    {"Code/CodeNumber", [](const Message& m) { return m.code_number; }},
    {"Code/CodeNotation", [](const Message& m) { return m.code_notation; }},
    {"PromulgationInfo/Place", [](const Message& m) { return m.promulgation_place; }},
    {"PromulgationInfo/PromulgationDate", [](const Message& m) { return format_date(m.promulgation_date); }},
    {"DocumentType/Type", [](const Message& m) { return m.document_type; }},
    {"DocumentType/TypeDetail", [](const Message& m) { return m.document_type_detail; }},
    {"DocumentType/TypeName", [](const Message& m) { return m.document_type_name; }},
    {"Subject", [](const Message& m) { return m.subject; }},
    {"Content", [](const Message& m) { return m.content; }},
    {"SignerInfo/Competence", [](const Message& m) { return m.signer_competence; }},
    {"SignerInfo/Position", [](const Message& m) { return m.signer_position; }},
    {"DueDate", [](const Message& m) { return date(m.due_date); }},
    {"ToPlaces/Place", [](const Message& m) { return joined(m.to_places); }},
    {"OtherInfo/Priority", [](const Message& m) { return std::to_string(m.priority); }},
    {"OtherInfo/SphereOfPromulgation", [](const Message& m) { return m.sphere_of_promulgation; }},
    {"OtherInfo/PromulgationAmount", [](const Message& m) { return number(m.promulgation_amount); }},
    {"OtherInfo/PageAmount", [](const Message& m) { return number(m.page_amount); }},
    {"OtherInfo/Appendixes/Appendix", [](const Message& m) { return joined(m.appendixes); }},
    {"ResponseFor/OrganId", [](const Message& m) { return response(m).organ_id; }},
    {"ResponseFor/Code", [](const Message& m) { return response(m).code; }},
    {"ResponseFor/PromulgationDate", [](const Message& m) { return date(response(m).promulgation_date); }},
    {"ResponseFor/DocumentId", [](const Message& m) { return response(m).document_id; }},
    {"SteeringType", [](const Message& m) { return m.steering_type; }},
    {"DocumentId", [](const Message& m) { return m.document_id; }},
};

const Known* find(std::string_view name) {
  const auto found = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& k) { return k.name == name; });
  return found == std::end(kKnown) ? nullptr : found;
}

}  // namespace

bool is_header_element(std::string_view name) { return find(name) != nullptr; }

std::string header_element(const Message& message, std::string_view name) {
  const Known* known = find(name);
  HUB_CHECK(known != nullptr);
  return known->value(message);
}

}  // namespace hub::edxml
