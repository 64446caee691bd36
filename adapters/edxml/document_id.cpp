#include "adapters/edxml/document_id.hpp"

#include <algorithm>

#include "adapters/edxml/dates.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::edxml {
namespace {

Uuid hashed(std::string_view party, std::string_view document_id, BusinessKind kind, std::string_view about) {
  Buffer text;
  append(text, as_bytes("coordination-hub edXML document v1"));
  for (const std::string_view part : {party, document_id, about}) {
    append_le(text, static_cast<std::uint32_t>(part.size()));
    append(text, as_bytes(part));
  }
  text.push_back(static_cast<std::uint8_t>(kind));
  return uuid_from_digest(crypto::sha256(text));
}

std::optional<Uuid> uuid_of(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  if (lower.size() == 38 && lower.front() == '{' && lower.back() == '}') lower = lower.substr(1, 36);
  return parse_uuid(lower);
}

std::string code_of(const Message& message) { return message.code_number + "/" + message.code_notation; }

void add_once(std::vector<Uuid>& to, const Uuid& id) {
  if (std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
}

}  // namespace

std::string party_or_code(std::string_view organ_id, const Organisations& organisations) {
  const auto* entry = organisations.by_id(organ_id);
  return entry ? entry->party : std::string(organ_id);
}

std::string standard_document_id(std::string_view organ_id, LocalDate date, std::string_view code) {
  return std::string(organ_id) + "," + format_edxml_date(date) + "," + std::string(code);
}

Uuid original_uuid(std::string_view party, std::string_view document_id) {
  if (const auto uuid = uuid_of(document_id)) return *uuid;
  return hashed(party, document_id, BusinessKind::new_document, {});
}

Uuid document_uuid(const Message& message, const Organisations& organisations) {
  const std::string party = party_or_code(message.from.organ_id, organisations);
  const std::string id = message.document_id.empty()
                             ? standard_document_id(message.from.organ_id, message.promulgation_date, code_of(message))
                             : message.document_id;
  // Of a new document the trace's id says nothing that references to it could repeat.
  if (message.business.kind == BusinessKind::new_document) return original_uuid(party, id);
  return hashed(party, id, message.business.kind, message.business.document_id);
}

std::vector<Uuid> candidate_uuids(const DocumentReference& reference, const Organisations& organisations) {
  std::vector<Uuid> out;
  if (!reference.document_id.empty()) {
    std::string organ = reference.organ_id;
    // The standard's form begins with the code of who issued it.
    if (organ.empty()) organ = reference.document_id.substr(0, reference.document_id.find(','));
    add_once(out, original_uuid(party_or_code(organ, organisations), reference.document_id));
  }
  if (reference.organ_id.empty() || reference.code.empty() || !reference.promulgation_date) return out;
  const auto* entry = organisations.by_id(reference.organ_id);
  const std::vector<std::string> codes = entry ? entry->ids : std::vector{reference.organ_id};
  for (const std::string& organ_id : codes)
    add_once(out, original_uuid(party_or_code(organ_id, organisations),
                                standard_document_id(organ_id, *reference.promulgation_date, reference.code)));
  return out;
}

StatusTarget status_target(const StatusMessage& status, const Organisations& organisations) {
  StatusTarget out;
  if (const auto* reporter = organisations.by_id(status.from.organ_id)) out.reporter = reporter->party;
  if (const auto* sender = organisations.by_id(status.response_for.organ_id)) out.sender = sender->party;
  out.code = status.response_for.code;
  out.candidates = candidate_uuids(status.response_for, organisations);
  return out;
}

}  // namespace hub::edxml
