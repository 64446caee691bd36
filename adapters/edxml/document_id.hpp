// The hub's id of a document that edXML names, so that the same file is the same document whoever reads it and however
// often.
//
// A DocumentId that is a UUID names a new document as it is: so does what this adapter writes. Anything else is hashed.
// The sender counts by its party, since one agency has several codes. Free functions, no state.
#pragma once

#include <vector>

#include "adapters/edxml/message.hpp"
#include "adapters/edxml/organisations.hpp"
#include "hub/base/uuid.hpp"

namespace hub::edxml {

// The party of a code; the code itself when nobody has it.
std::string party_or_code(std::string_view organ_id, const Organisations& organisations);

// From sender, DocumentId, BussinessDocType and the trace's document id.
Uuid document_uuid(const Message& message, const Organisations& organisations);
// Of the new document that `party` sent under `document_id`.
Uuid original_uuid(std::string_view party, std::string_view document_id);
// DocumentId in the standard's form: "000.00.00.H41,2024/03/12,57/CV-UBND".
std::string standard_document_id(std::string_view organ_id, LocalDate date, std::string_view code);

// What a reference may mean, the likeliest first: by its DocumentId, else by code and date under each code of its
// organisation. Empty when it says too little.
std::vector<Uuid> candidate_uuids(const DocumentReference& reference, const Organisations& organisations);

// What a status file is about: enough to find the delivery.
struct StatusTarget {
  std::string reporter;  // party that says so; empty when its code is not known
  std::string sender;    // party whose document it is; empty when its code is not known or absent
  std::string code;      // its number and notation, as written
  std::vector<Uuid> candidates;
};
StatusTarget status_target(const StatusMessage& status, const Organisations& organisations);

}  // namespace hub::edxml
