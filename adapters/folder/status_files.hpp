// The files that tell the agency's system what became of a document, as JSON text. Their form is in README.md.
#pragma once

#include "adapters/folder/description.hpp"
#include "adapters/sdk/client.hpp"
#include "hub/wire/receipt.hpp"

namespace hub::folder {

// `notes`: what the agency is told of how its file was read.
std::string accepted_json(const Description& document, const Answer& answer, const std::vector<std::string>& notes);
std::string refusal_json(const Description& document, const Answer& answer);
std::string receipt_json(const wire::Receipt& receipt);
std::string reported_json(const sdk::StatusReport& report, Position record);
// The document as CloudEvents JSON, with the member "delivery". `replayed_id`: of the first delivery, when it is a
// replay.
std::string delivery_json(const std::string& delivery_id, const std::string& replayed_id,
                          const sdk::VerifiedDelivery& delivery);

}  // namespace hub::folder
