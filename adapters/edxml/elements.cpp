#include "adapters/edxml/elements.hpp"

#include <charconv>
#include <map>

#include "adapters/edxml/dates.hpp"
#include "adapters/edxml/refusal.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/secrecy.hpp"

namespace hub::edxml {
namespace {

using Kind = ElementKind;

bool is_null(std::string_view text) { return text == "null" || text == "NULL" || text == "Null"; }

Check no_secret(const std::string& text, const char* element, Line line) {
  const auto mark = registry::find_secrecy_mark(text);
  if (!mark) return std::nullopt;
  return Error{
      ErrorCode::secrecy_mark,
      {{"mark", std::string(mark->name)}, {"pointer", std::string("/") + element}, {"line", std::to_string(line)}}};
}

Check one_more(Draft& draft, Line line) {
  if (++draft.list_items <= draft.limits.list_items) return std::nullopt;
  return beyond(line, "số phần tử của các danh sách", "items of lists", draft.limits.list_items);
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

// Setters of one text each.
template <auto Member>
Check set_message(Draft& draft, std::string text, Line) {
  draft.message.*Member = std::move(text);
  return std::nullopt;
}
template <auto Member>
Check set_organisation(Draft& draft, std::string text, Line) {
  (*draft.organisation).*Member = std::move(text);
  return std::nullopt;
}
template <auto Member>
Check set_business(Draft& draft, std::string text, Line) {
  if (!is_null(text)) draft.message.business.*Member = std::move(text);
  return std::nullopt;
}
template <auto Member>
Check set_flag(Draft& draft, std::string text, Line) {
  draft.message.business.*Member = text == "1" || text == "true";
  return std::nullopt;
}
template <auto Member>
Check set_reference(Draft& draft, std::string text, Line) {
  if (!is_null(text)) draft.message.response_for.back().*Member = std::move(text);
  return std::nullopt;
}
template <auto Member>
Check set_attachment(Draft& draft, std::string text, Line) {
  (*draft.attachment).*Member = std::move(text);
  return std::nullopt;
}
template <auto Member>
Check set_amount(Draft& draft, std::string text, Line line) {
  draft.message.*Member = number(text);
  if (!number(text)) draft.note(line, "not a number, left out: " + text);
  return std::nullopt;
}

Check start_header(Draft& draft, Line line) {
  draft.has_message_header = true;
  draft.message.header_line = line;
  return std::nullopt;
}
Check start_from(Draft& draft, Line line) {
  draft.organisation = &draft.message.from;
  draft.organisation->line = line;
  return std::nullopt;
}
Check start_to(Draft& draft, Line line) {
  if (draft.message.to.size() == draft.limits.recipients)
    return beyond(line, "số nơi nhận (To)", "recipients (To)", draft.limits.recipients);
  draft.organisation = &draft.message.to.emplace_back();
  draft.organisation->line = line;
  return std::nullopt;
}
Check organ_id(Draft& draft, std::string text, Line line) {
  if (is_null(text)) return std::nullopt;
  if (draft.organisation != &draft.message.from && !draft.recipients.insert(text).second)
    return refusal(line, "mã nơi nhận " + text + " xuất hiện hai lần", "recipient " + text + " stands here twice");
  draft.organisation->organ_id = std::move(text);
  return std::nullopt;
}
Check promulgation_date(Draft& draft, std::string text, Line line) {
  const auto date = parse_edxml_date(text);
  if (!date)
    return refusal(line, "ngày ban hành \"" + text + "\" không có thật", "\"" + text + "\" is no date of promulgation");
  draft.message.promulgation_date = *date;
  draft.has_promulgation_date = true;
  return std::nullopt;
}
Check subject(Draft& draft, std::string text, Line line) {
  draft.message.subject_line = line;
  if (auto secret = no_secret(text, "Subject", line)) return secret;
  std::size_t characters = 0;
  for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  if (characters > registry::kSubjectCharactersMax)
    return beyond(line, "số ký tự của trích yếu", "characters of the subject", registry::kSubjectCharactersMax);
  draft.message.subject = std::move(text);
  return std::nullopt;
}
Check content(Draft& draft, std::string text, Line line) {
  if (auto secret = no_secret(text, "Content", line)) return secret;
  draft.message.content = std::move(text);
  return std::nullopt;
}
Check type_name(Draft& draft, std::string text, Line line) {
  if (auto secret = no_secret(text, "TypeName", line)) return secret;
  draft.message.document_type_name = std::move(text);
  return std::nullopt;
}
Check appendix(Draft& draft, std::string text, Line line) {
  if (auto secret = no_secret(text, "Appendix", line)) return secret;
  draft.message.appendixes.push_back(std::move(text));
  return one_more(draft, line);
}
Check due_date(Draft& draft, std::string text, Line line) {
  draft.message.due_date = parse_edxml_date(text);
  if (!draft.message.due_date) draft.note(line, "no such date, DueDate left out: " + text);
  return std::nullopt;
}
Check place(Draft& draft, std::string text, Line line) {
  draft.message.to_places.push_back(std::move(text));
  return one_more(draft, line);
}
Check priority(Draft& draft, std::string text, Line line) {
  const auto value = number(text);
  if (value && *value <= registry::kUrgencyMax) {
    draft.message.priority = static_cast<std::uint8_t>(*value);
  } else {
    draft.note(line, "Priority is from 0 to 4, taken as 0: " + text);
  }
  return std::nullopt;
}

Check start_reference(Draft& draft, Line line) {
  if (draft.message.response_for.size() == draft.limits.responses)
    return beyond(line, "số văn bản được phúc đáp (ResponseFor)", "documents responded to (ResponseFor)",
                  draft.limits.responses);
  draft.message.response_for.emplace_back().line = line;
  return std::nullopt;
}
Check reference_date(Draft& draft, std::string text, Line line) {
  auto& date = draft.message.response_for.back().promulgation_date;
  date = parse_edxml_date(text);
  if (!date) draft.note(line, "no such date, left out of ResponseFor: " + text);
  return std::nullopt;
}

Check status_code(Draft& draft, std::string text, Line line) {
  const auto value = number(text);
  switch (value.value_or(0)) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 13:
    case 15:
    case 16:
      break;
    default:
      return refusal(line, "mã trạng thái \"" + text + "\" không được biết",
                     "status code \"" + text + "\" is not known");
  }
  draft.status.code = static_cast<StatusCode>(*value);
  draft.has_status_code = true;
  return std::nullopt;
}
Check status_description(Draft& draft, std::string text, Line) {
  draft.status.description = std::move(text);
  return std::nullopt;
}
Check status_time(Draft& draft, std::string text, Line line) {
  draft.status.time = parse_edxml_time(text);
  if (!draft.status.time) draft.note(line, "no such time, Timestamp left out: " + text);
  return std::nullopt;
}

Check start_trace(Draft& draft, Line line) {
  draft.message.trace.emplace_back();
  return one_more(draft, line);
}
Check trace_organ(Draft& draft, std::string text, Line) {
  if (!is_null(text)) draft.message.trace.back().organ_id = std::move(text);
  return std::nullopt;
}
Check trace_time(Draft& draft, std::string text, Line line) {
  draft.message.trace.back().time = parse_edxml_time(text);
  if (!draft.message.trace.back().time) draft.note(line, "no such time, Timestamp left out: " + text);
  return std::nullopt;
}
Check start_business(Draft& draft, Line line) {
  draft.message.business.line = line;
  return std::nullopt;
}
Check business_kind(Draft& draft, std::string text, Line line) {
  const auto value = number(text);
  if (!value || *value > 3)
    return refusal(line, "BussinessDocType phải từ 0 đến 3, không phải \"" + text + "\"",
                   "BussinessDocType is from 0 to 3, not \"" + text + "\"");
  draft.message.business.kind = static_cast<BusinessKind>(*value);
  return std::nullopt;
}
Check start_receiver(Draft& draft, Line line) {
  draft.message.business.receivers.emplace_back();
  return one_more(draft, line);
}
Check receiver_organ(Draft& draft, std::string text, Line) {
  if (!is_null(text)) draft.message.business.receivers.back().organ_id = std::move(text);
  return std::nullopt;
}
Check receiver_type(Draft& draft, std::string text, Line) {
  draft.message.business.receivers.back().added = text == "1";
  return std::nullopt;
}
Check start_replacement(Draft& draft, Line line) {
  draft.message.business.replacements.emplace_back();
  return one_more(draft, line);
}
Check replaced_document(Draft& draft, std::string text, Line) {
  if (!is_null(text)) draft.message.business.replacements.back().document_id = std::move(text);
  return std::nullopt;
}
Check replacement_organ(Draft& draft, std::string text, Line line) {
  draft.message.business.replacements.back().organ_ids.push_back(std::move(text));
  return one_more(draft, line);
}

Check start_manifest_item(Draft& draft, Line line) {
  draft.attachment = &draft.manifest.emplace_back();
  draft.attachment->line = line;
  return one_more(draft, line);
}
Check start_attachment(Draft& draft, Line line) {
  if (draft.encoded.size() == draft.limits.attachments)
    return beyond(line, "số tệp đính kèm", "attachments", draft.limits.attachments);
  draft.attachment = &draft.encoded.emplace_back().header;
  draft.attachment->line = line;
  return std::nullopt;
}
Check attachment_name(Draft& draft, std::string text, Line line) {
  if (auto secret = no_secret(text, "AttachmentName", line)) return secret;
  draft.attachment->name = std::move(text);
  draft.attachment->name_line = line;
  return std::nullopt;
}
Check signature(Draft& draft, Line) {
  draft.message.has_signature = true;
  return std::nullopt;
}

using M = Message;
using O = Organisation;
using R = DocumentReference;
using H = AttachmentHeader;

constexpr Element kElements[] = {
    {kDocumentScope, "edXML", Kind::group, "root"},
    {"root", "edXMLEnvelope", Kind::group, "envelope"},
    {"root", "AttachmentEncoded", Kind::group, "attachments"},
    {"envelope", "AttachmentEncoded", Kind::group, "attachments"},
    {"envelope", "edXMLHeader", Kind::group, "header"},
    {"envelope", "edXMLBody", Kind::group, "body"},
    {"header", "MessageHeader", Kind::group, "message", false, start_header},
    {"header", "TraceHeaderList", Kind::group, "traces"},
    {"header", "Signature", Kind::dropped, {}, true, signature},
    {"header", "DigitalSignature", Kind::group, "digital-signature"},
    {"digital-signature", "Signature", Kind::dropped, {}, true, signature},
    {"digital-signature", "SignedInfo", Kind::dropped, {}, true, signature},
    {"root", "Signature", Kind::dropped, {}, true, signature},
    {"envelope", "Signature", Kind::dropped, {}, true, signature},

    {"message", "From", Kind::group, "organisation", false, start_from},
    {"message", "To", Kind::group, "organisation", true, start_to},
    {"organisation", "OrganId", Kind::text, {}, false, nullptr, organ_id},
    {"organisation", "OrganizationInCharge", Kind::text, {}, false, nullptr, set_organisation<&O::in_charge>},
    {"organisation", "OrganName", Kind::text, {}, false, nullptr, set_organisation<&O::name>},
    {"organisation", "OrganAdd", Kind::text, {}, false, nullptr, set_organisation<&O::address>},
    {"organisation", "Email", Kind::text, {}, false, nullptr, set_organisation<&O::email>},
    {"organisation", "Telephone", Kind::text, {}, false, nullptr, set_organisation<&O::telephone>},
    {"organisation", "Fax", Kind::text, {}, false, nullptr, set_organisation<&O::fax>},
    {"organisation", "Website", Kind::text, {}, false, nullptr, set_organisation<&O::website>},
    {"message", "Code", Kind::group, "code"},
    {"code", "CodeNumber", Kind::text, {}, false, nullptr, set_message<&M::code_number>},
    {"code", "CodeNotation", Kind::text, {}, false, nullptr, set_message<&M::code_notation>},
    {"message", "PromulgationInfo", Kind::group, "promulgation"},
    {"promulgation", "Place", Kind::text, {}, false, nullptr, set_message<&M::promulgation_place>},
    {"promulgation", "PromulgationDate", Kind::text, {}, false, nullptr, promulgation_date},
    {"message", "DocumentType", Kind::group, "type", false, nullptr, type_name},
    {"type", "Type", Kind::text, {}, false, nullptr, set_message<&M::document_type>},
    {"type", "TypeDetail", Kind::text, {}, false, nullptr, set_message<&M::document_type_detail>},
    {"type", "TypeName", Kind::text, {}, false, nullptr, type_name},
    {"message", "Subject", Kind::text, {}, false, nullptr, subject},
    {"message", "Content", Kind::lines, {}, false, nullptr, content},
    {"message", "SignerInfo", Kind::group, "signer"},
    {"signer", "Competence", Kind::text, {}, false, nullptr, set_message<&M::signer_competence>},
    {"signer", "Position", Kind::text, {}, false, nullptr, set_message<&M::signer_position>},
    {"signer", "FullName", Kind::dropped},
    {"message", "DueDate", Kind::text, {}, false, nullptr, due_date},
    {"message", "ToPlaces", Kind::group, "places", false, nullptr, place},
    {"places", "Place", Kind::text, {}, true, nullptr, place},
    {"message", "OtherInfo", Kind::group, "other"},
    {"other", "Priority", Kind::text, {}, false, nullptr, priority},
    {"other", "SphereOfPromulgation", Kind::text, {}, false, nullptr, set_message<&M::sphere_of_promulgation>},
    {"other", "TyperNotation", Kind::dropped},
    {"other", "PromulgationAmount", Kind::text, {}, false, nullptr, set_amount<&M::promulgation_amount>},
    {"other", "PageAmount", Kind::text, {}, false, nullptr, set_amount<&M::page_amount>},
    {"other", "Direction", Kind::text, {}, false, nullptr, set_message<&M::direction>},
    {"other", "Appendixes", Kind::group, "appendixes", false, nullptr, appendix},
    {"appendixes", "Appendix", Kind::text, {}, true, nullptr, appendix},
    {"message", "ResponseFor", Kind::group, "reference", true, start_reference},
    {"reference", "OrganId", Kind::text, {}, false, nullptr, set_reference<&R::organ_id>},
    {"reference", "Code", Kind::text, {}, false, nullptr, set_reference<&R::code>},
    {"reference", "PromulgationDate", Kind::text, {}, false, nullptr, reference_date},
    {"reference", "DocumentId", Kind::text, {}, false, nullptr, set_reference<&R::document_id>},
    {"message", "SteeringType", Kind::text, {}, false, nullptr, set_message<&M::steering_type>},
    {"message", "DocumentId", Kind::text, {}, false, nullptr, set_message<&M::document_id>},
    {"message", "StatusCode", Kind::text, {}, false, nullptr, status_code},
    {"message", "Description", Kind::lines, {}, false, nullptr, status_description},
    {"message", "Timestamp", Kind::text, {}, false, nullptr, status_time},
    {"message", "StaffInfo", Kind::dropped},
    {"message", "TraceHeaderList", Kind::group, "traces"},

    {"traces", "TraceHeader", Kind::group, "trace", true, start_trace},
    {"trace", "OrganId", Kind::text, {}, false, nullptr, trace_organ},
    {"trace", "Timestamp", Kind::text, {}, false, nullptr, trace_time},
    {"traces", "Bussiness", Kind::group, "business", false, start_business},
    {"traces", "Business", Kind::group, "business", false, start_business},
    {"business", "BussinessDocType", Kind::text, {}, false, nullptr, business_kind},
    {"business", "BusinessDocType", Kind::text, {}, false, nullptr, business_kind},
    {"business", "BussinessDocReason", Kind::text, {}, false, nullptr, set_business<&Business::reason>},
    {"business", "BusinessDocReason", Kind::text, {}, false, nullptr, set_business<&Business::reason>},
    {"business", "DocumentId", Kind::text, {}, false, nullptr, set_business<&Business::document_id>},
    {"business", "Paper", Kind::text, {}, false, nullptr, set_flag<&Business::paper>},
    {"business", "StaffInfo", Kind::dropped},
    {"business", "BussinessDocumentInfo", Kind::group, "changes"},
    {"business", "BusinessDocumentInfo", Kind::group, "changes"},
    {"changes", "DocumentInfo", Kind::text, {}, false, nullptr, set_flag<&Business::document_info>},
    {"changes", "DocumentReceiver", Kind::text, {}, false, nullptr, set_flag<&Business::receiver_info>},
    {"changes", "ReceiverList", Kind::group, "receivers"},
    {"receivers", "Receiver", Kind::group, "receiver", true, start_receiver},
    {"receiver", "OrganId", Kind::text, {}, false, nullptr, receiver_organ},
    {"receiver", "ReceiverType", Kind::text, {}, false, nullptr, receiver_type},
    {"business", "ReplacementInfoList", Kind::group, "replacements"},
    {"replacements", "ReplacementInfo", Kind::group, "replacement", true, start_replacement},
    {"replacement", "DocumentId", Kind::text, {}, false, nullptr, replaced_document},
    {"replacement", "OrganIdList", Kind::group, "replacement-organs"},
    {"replacement-organs", "OrganId", Kind::text, {}, true, nullptr, replacement_organ},

    {"body", "edXMLManifest", Kind::group, "manifest"},
    {"body", "Manifest", Kind::group, "manifest"},
    {"manifest", "Reference", Kind::group, "attachment-header", true, start_manifest_item},
    {"attachments", "Attachment", Kind::group, "attachment", true, start_attachment},
    {"attachment-header", "ContentId", Kind::text, {}, false, nullptr, set_attachment<&H::content_id>},
    {"attachment-header", "AttachmentName", Kind::text, {}, false, nullptr, attachment_name},
    {"attachment-header", "ContentType", Kind::text, {}, false, nullptr, set_attachment<&H::declared_type>},
    {"attachment-header", "Description", Kind::text, {}, false, nullptr, set_attachment<&H::description>},
    {"attachment", "ContentId", Kind::text, {}, false, nullptr, set_attachment<&H::content_id>},
    {"attachment", "AttachmentName", Kind::text, {}, false, nullptr, attachment_name},
    {"attachment", "ContentType", Kind::text, {}, false, nullptr, set_attachment<&H::declared_type>},
    {"attachment", "Description", Kind::text, {}, false, nullptr, set_attachment<&H::description>},
    {"attachment", "ContentTransferEncoded", Kind::content},
};

}  // namespace

const Element* find_element(std::string_view scope, std::string_view name) {
  static const auto index = [] {
    std::map<std::pair<std::string_view, std::string_view>, const Element*> out;
    for (const Element& element : kElements) out.emplace(std::pair(element.scope, element.name), &element);
    return out;
  }();
  const auto found = index.find({scope, name});
  return found == index.end() ? nullptr : found->second;
}

}  // namespace hub::edxml
