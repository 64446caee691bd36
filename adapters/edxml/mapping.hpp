// What an edXML message becomes at the hub: a document's fields, and the attachments beside them.
//
// hub-data.json, an attachment of that name, decides first; then BussinessDocType 1 to 3 (recall/1, update/1,
// replacement/1); then the first mapping file that fits; else it is an official-document/1.
//
// Free functions, no state. The attachments' files are borrowed.
#pragma once

#include "adapters/edxml/mapping_file.hpp"
#include "adapters/edxml/message.hpp"
#include "adapters/edxml/organisations.hpp"
#include "hub/registry/document.hpp"

namespace hub::edxml {

constexpr std::string_view kHubDataName = "hub-data.json";

struct MappedDocument {
  registry::DocumentFields fields;      // id, source, type, subject, to, urgency, data are there
  std::vector<Attachment> attachments;  // of the document; paths are those of the Message
  std::string rule;  // what decided: "hub-data.json", "BussinessDocType 1", a mapping's name, "official-document"
  std::string why;   // in English
  std::vector<std::string> notes;  // what was left out, in English
};

// organisation_unknown (organ_id, line), edxml_invalid (line, reason_vi, reason_en), io_failed. Whether the type takes
// the data is the hub's to say.
Result<MappedDocument> map_message(const Message& message, const Organisations& organisations,
                                   const std::vector<Mapping>& mappings);

}  // namespace hub::edxml
