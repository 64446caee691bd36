// The parts of a header, in the standard's order.
#pragma once

#include "adapters/edxml/message.hpp"
#include "adapters/edxml/organisations.hpp"
#include "adapters/edxml/xml_file.hpp"

namespace hub::edxml {

// Opens the root, the envelope and edXMLHeader.
void open_envelope(XmlFile& xml);
void write_organisation(XmlFile& xml, const char* element, const Organisation& organisation);
void write_reference(XmlFile& xml, const DocumentReference& reference);
void write_message_header(XmlFile& xml, const Message& message);
void write_trace(XmlFile& xml, const Message& message);

// A party as edXML names it: its first code. not_found when it has none.
Result<Organisation> organisation_of(std::string_view party, const Organisations& organisations);

}  // namespace hub::edxml
