// The files that tell the agency's system what became of a document, as JSON text. Their form is in README.md.
#pragma once

#include "adapters/folder/description.hpp"
#include "adapters/sdk/verify.hpp"
#include "hub/wire/receipt.hpp"

namespace hub::folder {

std::string accepted_json(const Description& document, const Answer& answer);
std::string refusal_json(const Description& document, const Answer& answer);
std::string receipt_json(const wire::Receipt& receipt);
// The document as CloudEvents JSON, with the member "delivery".
std::string delivery_json(const std::string& delivery_id, const sdk::VerifiedDelivery& delivery);

// "<first 8 hex digits of the journal's id>-<position, 12 digits>-<outcome index>"
std::string delivery_id(const Bytes<16>& journal_id, Position position, std::uint8_t outcome_index);

}  // namespace hub::folder
