// Canonical JSON (RFC 8785) for what is signed or hashed: one text for one value. Numbers are integers below 2^53 in
// magnitude; configuration needs no others, and shortest-form floats are where implementations differ.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "hub/base/result.hpp"

namespace hub::registry {

// config_invalid (path, reason) for a float or an integer that is too large.
Result<std::string> canonical_json(const nlohmann::json& value);

// RFC 8785 section 3.2.3: the order of keys, by UTF-16 code units. Both are valid UTF-8.
bool utf16_less(std::string_view a, std::string_view b);

}  // namespace hub::registry
