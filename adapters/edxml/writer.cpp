#include "adapters/edxml/writer.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/edxml/dates.hpp"
#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/file_name.hpp"
#include "adapters/edxml/hub_data.hpp"
#include "adapters/edxml/mapping.hpp"
#include "adapters/edxml/media_type.hpp"
#include "adapters/edxml/official_document.hpp"
#include "adapters/edxml/written_header.hpp"
#include "adapters/edxml/zip_writer.hpp"
#include "hub/registry/names.hpp"

namespace hub::edxml {
namespace {

using Json = nlohmann::json;

BusinessKind kind_of(std::string_view type) {
  const std::string_view name = registry::type_name(type);
  if (name == "recall") return BusinessKind::recall;
  if (name == "update") return BusinessKind::update;
  return name == "replacement" ? BusinessKind::replace : BusinessKind::new_document;
}

Business business_of(const registry::DocumentView& document, const Json& data) {
  Business out;
  out.kind = kind_of(document.type);
  if (out.kind == BusinessKind::new_document || !data.is_object()) return out;
  if (data.contains("document_id") && data["document_id"].is_string()) out.document_id = data["document_id"];
  if (data.contains("replaced_document_ids") && data["replaced_document_ids"].is_array())
    for (const Json& id : data["replaced_document_ids"])
      if (id.is_string()) out.replacements.push_back({id.get<std::string>(), {}});
  return out;
}

// A reader takes blanks for nothing.
bool says_something(std::string_view text) { return text.find_first_not_of(" \t\r\n") != text.npos; }

// The header of a document; what the standard asks for and the document does not have is made of what it has.
Result<Message> header_of(const registry::DocumentView& document, const Organisations& organisations) {
  Message out;
  auto from = organisation_of(document.source, organisations);
  if (!from) return tl::unexpected(from.error());
  out.from = std::move(*from);
  for (const std::string_view party : registry::recipients(document.to)) {
    auto to = organisation_of(party, organisations);
    if (!to) return tl::unexpected(to.error());
    out.to.push_back(std::move(*to));
  }
  const Json data = Json::from_msgpack(document.data, true, false);
  out.promulgation_date = local_date(document.time);
  out.document_type_name = document.type;
  if (document.type == kOfficialDocumentType && data.is_object()) put_official_document(data, out);
  if (!says_something(out.code_number) || !says_something(out.code_notation))
    std::tie(out.code_number, out.code_notation) = number_and_notation(document.docnumber);
  if (!says_something(out.code_number) || !says_something(out.code_notation)) {
    out.code_number = says_something(document.docnumber) ? document.docnumber : "00";
    out.code_notation = registry::type_name(document.type);
  }
  out.subject = says_something(document.subject) ? document.subject : document.type;
  out.priority = document.urgency;
  out.document_id = to_text(document.id);
  if (out.response_for.empty() && document.conversation != document.id)
    out.response_for.push_back({{}, {}, to_text(document.conversation), {}, 0});
  out.trace.push_back({out.from.organ_id, document.time});
  out.business = business_of(document, data);
  return out;
}

struct Part {
  AttachmentFile file;
  std::string content_id;
  std::string text;  // of what is no file
};

std::vector<Part> parts_of(const OutgoingDocument& outgoing) {
  std::vector<Part> out;
  const auto add = [&](AttachmentFile file, std::string text) {
    const std::string seed = to_text(outgoing.document.id) + "/" + std::to_string(out.size());
    out.push_back({std::move(file), to_text(uuid_from_digest(crypto::sha256(as_bytes(seed)))), std::move(text)});
  };
  for (const AttachmentFile& file : outgoing.attachments) add(file, {});
  add({std::string(kHubDataName), "application/json", {}}, hub_data(outgoing.document, outgoing.delivery));
  return out;
}

void write_manifest(XmlFile& xml, const std::vector<Part>& parts) {
  xml.open("edXML:edXMLBody");
  xml.open("edXML:edXMLManifest");
  xml.attribute("version", "1.0");
  for (const Part& part : parts) {
    xml.open("edXML:Reference");
    xml.element("edXML:ContentId", "cid:" + part.content_id);
    xml.element("edXML:ContentType", part.file.media_type);
    xml.element("edXML:AttachmentName", part.file.name);
    xml.close();
  }
  xml.close();
  xml.close();
}

bool begins_as_zip(const std::string& path) {
  std::string head(kZipBegin.size(), '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  return in && head == kZipBegin;
}

Result<void> write_content(XmlFile& xml, const Part& part) {
  if (part.file.path.empty()) return write_zip_of_text(xml, part.content_id + ".json", part.text);
  // In a zip, a reader would take what is called a zip and is none for the zip itself.
  if (is_zip_name(part.file.name) && !begins_as_zip(part.file.path)) return write_plain(xml, part.file.path);
  return write_zip(xml, part.content_id, part.file.path);
}

Result<void> write_attachments(XmlFile& xml, const std::vector<Part>& parts) {
  xml.open("AttachmentEncoded");
  for (const Part& part : parts) {
    xml.open("Attachment");
    xml.element("ContentType", part.file.media_type);
    xml.element("ContentId", "cid:" + part.content_id);
    xml.open("ContentTransferEncoded");
    if (auto written = write_content(xml, part); !written) return written;
    xml.close();
    xml.element("AttachmentName", part.file.name);
    xml.close();
  }
  xml.close();
  return {};
}

}  // namespace

Result<void> write_edxml(const std::string& path, const OutgoingDocument& outgoing,
                         const Organisations& organisations) {
  const auto header = header_of(outgoing.document, organisations);
  if (!header) return tl::unexpected(header.error());
  const std::vector<Part> parts = parts_of(outgoing);
  auto made = XmlFile::make(path);
  if (!made) return tl::unexpected(made.error());
  XmlFile& xml = **made;
  open_envelope(xml);
  write_message_header(xml, *header);
  write_trace(xml, *header);
  xml.close();  // edXMLHeader
  write_manifest(xml, parts);
  xml.close();  // edXMLEnvelope
  if (auto written = write_attachments(xml, parts); !written) return written;
  return xml.finish();
}

Result<void> write_status(const std::string& path, const OutgoingStatus& status, const Organisations& organisations) {
  const auto reporter = organisation_of(status.reporter, organisations);
  if (!reporter) return tl::unexpected(reporter.error());
  auto made = XmlFile::make(path);
  if (!made) return tl::unexpected(made.error());
  XmlFile& xml = **made;
  open_envelope(xml);
  xml.open("edXML:MessageHeader");
  write_organisation(xml, "edXML:From", *reporter);
  write_reference(xml, status.response_for);
  const std::string code = std::to_string(static_cast<int>(status.status));
  xml.element("edXML:StatusCode", code.size() == 1 ? "0" + code : code);
  xml.element("edXML:Description", status.description);
  xml.element("edXML:Timestamp", format_edxml_time(status.time));
  return xml.finish();
}

}  // namespace hub::edxml
