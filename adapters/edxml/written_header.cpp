#include "adapters/edxml/written_header.hpp"

#include "adapters/edxml/dates.hpp"

namespace hub::edxml {
namespace {

std::string text(const std::optional<LocalDate>& date) { return date ? format_edxml_date(*date) : ""; }
std::string text(const std::optional<std::uint32_t>& number) { return number ? std::to_string(*number) : ""; }

void write_other_info(XmlFile& xml, const Message& message) {
  xml.open("edXML:OtherInfo");
  xml.element("edXML:Priority", std::to_string(message.priority));
  xml.element("edXML:SphereOfPromulgation", message.sphere_of_promulgation);
  xml.element("edXML:PromulgationAmount", text(message.promulgation_amount));
  xml.element("edXML:PageAmount", text(message.page_amount));
  if (!message.appendixes.empty()) {
    xml.open("edXML:Appendixes");
    for (const std::string& appendix : message.appendixes) xml.element("edXML:Appendix", appendix);
    xml.close();
  }
  xml.close();
}

}  // namespace

void open_envelope(XmlFile& xml) {
  xml.open("edXML");
  xml.attribute("xmlns", kNamespace);
  xml.attribute("xmlns:edXML", kNamespace);
  xml.open("edXML:edXMLEnvelope");
  xml.open("edXML:edXMLHeader");
}

void write_organisation(XmlFile& xml, const char* element, const Organisation& organisation) {
  xml.open(element);
  xml.element("edXML:OrganId", organisation.organ_id);
  xml.element("edXML:OrganName", organisation.name);
  xml.close();
}

void write_reference(XmlFile& xml, const DocumentReference& reference) {
  xml.open("edXML:ResponseFor");
  xml.element("edXML:OrganId", reference.organ_id);
  xml.element("edXML:Code", reference.code);
  xml.element("edXML:PromulgationDate", text(reference.promulgation_date));
  xml.element("edXML:DocumentId", reference.document_id);
  xml.close();
}

void write_message_header(XmlFile& xml, const Message& message) {
  xml.open("edXML:MessageHeader");
  write_organisation(xml, "edXML:From", message.from);
  for (const Organisation& to : message.to) write_organisation(xml, "edXML:To", to);
  xml.open("edXML:Code");
  xml.element("edXML:CodeNumber", message.code_number);
  xml.element("edXML:CodeNotation", message.code_notation);
  xml.close();
  xml.open("edXML:PromulgationInfo");
  xml.element("edXML:Place", message.promulgation_place);
  xml.element("edXML:PromulgationDate", text(message.promulgation_date));
  xml.close();
  xml.open("edXML:DocumentType");
  xml.element("edXML:TypeName", message.document_type_name);
  xml.close();
  xml.element("edXML:Subject", message.subject);
  xml.element("edXML:Content", message.content);
  if (!message.signer_position.empty() || !message.signer_competence.empty()) {
    xml.open("edXML:SignerInfo");
    xml.element("edXML:Competence", message.signer_competence);
    xml.element("edXML:Position", message.signer_position);
    xml.close();
  }
  xml.element("edXML:DueDate", text(message.due_date));
  if (!message.to_places.empty()) {
    xml.open("edXML:ToPlaces");
    for (const std::string& place : message.to_places) xml.element("edXML:Place", place);
    xml.close();
  }
  write_other_info(xml, message);
  for (const DocumentReference& reference : message.response_for) write_reference(xml, reference);
  xml.element("edXML:DocumentId", message.document_id);
  xml.close();
}

void write_trace(XmlFile& xml, const Message& message) {
  xml.open("edXML:TraceHeaderList");
  for (const Trace& trace : message.trace) {
    xml.open("edXML:TraceHeader");
    xml.element("edXML:OrganId", trace.organ_id);
    if (trace.time) xml.element("edXML:Timestamp", format_edxml_time(*trace.time));
    xml.close();
  }
  xml.open("edXML:Bussiness");
  xml.element("edXML:BussinessDocType", std::to_string(static_cast<int>(message.business.kind)));
  xml.element("edXML:DocumentId", message.business.document_id);
  xml.element("edXML:Paper", "0");
  if (!message.business.replacements.empty()) {
    xml.open("edXML:ReplacementInfoList");
    for (const Replacement& replaced : message.business.replacements) {
      xml.open("edXML:ReplacementInfo");
      xml.element("edXML:DocumentId", replaced.document_id);
      xml.close();
    }
    xml.close();
  }
  xml.close();
  xml.close();
}

Result<Organisation> organisation_of(std::string_view party, const Organisations& organisations) {
  const auto* entry = organisations.by_party(party);
  if (!entry) return fail(ErrorCode::not_found, {{"path", "organisations.yaml: " + std::string(party)}});
  Organisation out;
  out.organ_id = entry->ids.front();
  out.name = entry->name;
  return out;
}

}  // namespace hub::edxml
