// What a mapping file makes of a message's header.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "adapters/edxml/mapping_file.hpp"
#include "adapters/edxml/message.hpp"

namespace hub::edxml {

using Captures = std::map<std::string, std::string>;

// What the patterns captured; nothing when one of them doesn't match.
std::optional<Captures> match(const Mapping& mapping, const Message& message);

// The fields of `data`. edxml_invalid when one can't be filled.
Result<nlohmann::json> fill_data(const Mapping& mapping, const Message& message, const Captures& captures);

}  // namespace hub::edxml
