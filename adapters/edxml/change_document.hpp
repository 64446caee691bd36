// Recall, update and replacement (BussinessDocType 1, 2, 3) as the hub's system types. They name documents by the hub's
// ids, derived as those of the new documents were; free text does not travel, so that a reason becomes one of the
// type's.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "adapters/edxml/message.hpp"
#include "adapters/edxml/organisations.hpp"
#include "hub/base/result.hpp"

namespace hub::edxml {

struct ChangeDocument {
  std::string type, subject;
  nlohmann::json data;
};

// `kind` is not new_document. edxml_invalid when the message does not say which document it changes.
Result<ChangeDocument> change_document(const Message& message, const Organisations& organisations);

}  // namespace hub::edxml
