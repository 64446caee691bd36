// The header's fields as `data` of official-document/1, and back.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "adapters/edxml/message.hpp"
#include "hub/base/result.hpp"

namespace hub::edxml {

constexpr std::string_view kOfficialDocumentType = "official-document/1";

// An optional text that is longer than the type takes is left out, with a note; one that must be there is refused
// (edxml_invalid).
Result<nlohmann::json> official_document(const Message& message, std::vector<std::string>& notes);

// What of a message's header such data says. What doesn't follow the type is left empty.
void put_official_document(const nlohmann::json& data, Message& to);

// Number and notation as offices write them: "12/KH-UBND", of the Party "1214-CV/HU".
std::string document_number(std::string_view number, std::string_view notation);
// The two parts of such a number; empty ones where it has none.
std::pair<std::string, std::string> number_and_notation(std::string_view document_number);

}  // namespace hub::edxml
