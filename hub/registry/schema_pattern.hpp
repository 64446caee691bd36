// Patterns: JSON Schema means ECMA-262's regular expressions, we run RE2's. Internal to the schema's files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hub::registry {

// The pattern for RE2, with ECMA-262's meaning of \s, \S and the dot (RE2's know no white space beyond ASCII). Nothing
// where both would read the same signs differently: flags and names after "(?", "{,", escapes that only one has or
// that mean something else (\A, \z, \C, \a, \Q, \x{41}), and in brackets \S, "[:" or a first "]".
std::optional<std::string> re2_pattern(std::string_view pattern);

}  // namespace hub::registry
