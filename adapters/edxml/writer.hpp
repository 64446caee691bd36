// Writes edXML, strictly and in the standard's order, in memory that does not grow with the attachments. What is
// written is whole and synced when a function returns, or is not there.
//
// A document carries itself as hub-data.json, an attachment more, so that nothing is lost in the header. Attachments
// are zips with one entry, as agencies' systems make them. Read again, the file gives the same document.
//
// Free functions, no state.
#pragma once

#include <string>
#include <vector>

#include "adapters/edxml/message.hpp"
#include "adapters/edxml/organisations.hpp"
#include "hub/base/uuid.hpp"
#include "hub/registry/document.hpp"

namespace hub::edxml {

struct AttachmentFile {
  std::string name, media_type, path;
};

struct OutgoingDocument {
  registry::DocumentView document;  // its bytes are borrowed
  std::vector<AttachmentFile> attachments;
  std::string delivery;  // a JSON object about the delivery, for hub-data.json; empty: none
};

// Makes `path`, which must not exist. not_found (path: organisations.yaml and the party that has no code there),
// io_failed.
Result<void> write_edxml(const std::string& path, const OutgoingDocument& outgoing, const Organisations& organisations);

struct OutgoingStatus {
  std::string reporter;             // the party that says it
  DocumentReference response_for;   // as the sender's system names its document
  StatusCode status{};
  std::string description;
  UnixMicros time;
};

// As above.
Result<void> write_status(const std::string& path, const OutgoingStatus& status, const Organisations& organisations);

}  // namespace hub::edxml
