// What stands behind the "?" of a request, and parts of its path.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hub/base/result.hpp"

namespace hub::console {

using Parameters = std::map<std::string, std::string, std::less<>>;

// name=value, joined by "&", percent-encoded, "+" for a space. parameter_invalid (parameter, reason) for a name that is
// not among the known ones or comes twice, and for a value that is no UTF-8 or has control characters.
Result<Parameters> parse_query(std::string_view query, std::span<const std::string_view> known);

// Nothing when it is badly encoded, no UTF-8, or has control characters.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

}  // namespace hub::console
