// edXML status files: what the agency's system drops into the outbox about deliveries, and what it gets about its own
// documents. Their codes are the numbers of wire::DeliveryStatus. Free functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/mapping.hpp"
#include "adapters/edxml/writer.hpp"
#include "adapters/folder/agency_folder.hpp"
#include "adapters/folder/edxml_setup.hpp"
#include "adapters/sdk/store.hpp"

namespace hub::folder {

// How the agency itself names a document, and what it is told of how it was read, as sdk::NewDocument::origin keeps it.
struct Origin {
  edxml::DocumentReference reference;
  std::vector<std::string> notes;
};
std::string origin_text(const Origin& origin);
Origin read_origin(const std::string& text);

// The delivery that a status is about; empty when none of this endpoint's is known. An answer to a recall is about the
// document, whether it names that or the recall. Fails as the store does.
Result<std::string> find_delivery(const edxml::StatusMessage& status, const EdxmlSetup& setup, sdk::Store& store);
// `delivery`: as found. edxml_invalid (line, reason), secrecy_mark.
Result<sdk::StatusReport> report_of(const edxml::StatusMessage& status, const EdxmlSetup& setup, const std::string& party,
                                    const std::string& delivery, UnixMicros now);

// A document that this party has sent, and to whom it went.
struct SentDocument {
  Uuid id;
  std::vector<std::string> recipients;  // empty: no such document is known
};
Result<SentDocument> find_sent(const edxml::StatusMessage& status, const EdxmlSetup& setup, sdk::Store& store);
// Status 13, by the sender of a document: recall/1 to all whom it went to, as an edXML message with BussinessDocType 1
// would say it. edxml_invalid.
Result<edxml::MappedDocument> recall_of(const edxml::StatusMessage& status, const EdxmlSetup& setup,
                                        const std::string& party, const SentDocument& sent);

struct OutgoingStatusFile {
  std::string stem;  // of the document's file
  edxml::OutgoingStatus status;
};
// status/STEM.CODE.RECIPIENT.edxml for each, through .staging/, durable when it returns. A recipient without a code in
// organisations.yaml gets none. Writing one again changes nothing.
Result<void> publish_statuses(const AgencyFolder& folder, std::span<const OutgoingStatusFile> files,
                              const edxml::Organisations& organisations);
// Whether the standard has a code for it.
bool has_edxml_code(wire::DeliveryStatus status);

}  // namespace hub::folder
