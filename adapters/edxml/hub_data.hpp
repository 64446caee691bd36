// hub-data.json, the attachment that carries a document's typed data: a JSON document as agencies drop it
// (hub/registry/document_json.hpp), of which everything but `type` and `data` may be absent. With an `id` it is a whole
// document, as this adapter writes it, and nothing is filled in from the header.
#pragma once

#include "adapters/edxml/message.hpp"
#include "hub/registry/document.hpp"

namespace hub::edxml {

// `header` is what the message's header says: it fills what is absent, and recipients must be the same. edxml_invalid,
// io_failed.
Result<registry::DocumentFields> read_hub_data(const Attachment& attachment, registry::DocumentFields header);

// `delivery`: a JSON object, or empty.
std::string hub_data(const registry::DocumentView& document, const std::string& delivery);

}  // namespace hub::edxml
