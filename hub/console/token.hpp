// The token with which the API is asked: 32 random bytes as hexadecimal text in a file that its owner alone can read.
#pragma once

#include <string>
#include <string_view>

#include "hub/base/result.hpp"

namespace hub::console {

// Makes it unless there is one. io_failed.
Result<void> ensure_token_file(const std::string& path);
// io_failed; config_invalid when others can read it or it is no token.
Result<std::string> read_token_file(const std::string& path);

// Whether an Authorization header's value carries the token. How long it takes does not tell how much of it is right.
bool carries_token(std::string_view authorization, std::string_view token);

}  // namespace hub::console
