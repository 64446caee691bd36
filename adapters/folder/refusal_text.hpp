// A refusal in words, as the agency's staff read it beside the file: what, why, what to do, whom to ask, what proves it.
#pragma once

#include "adapters/folder/agency_folder.hpp"
#include "adapters/folder/description.hpp"
#include "hub/base/error_catalogue.hpp"

namespace hub::folder {

// "10 482": thousands apart, as in Vietnamese texts.
std::string grouped(std::uint64_t number);
// The three files that stand beside a refused one in refused/.
std::vector<NamedText> refusal_files(const AgencyFolder& folder, const Description& document, const Answer& answer,
                                     const std::string& stem);
std::string refusal_text(const Description& document, const Answer& answer, Language language);

}  // namespace hub::folder
