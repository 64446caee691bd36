// Passwords: which are taken, and their hashes (argon2id by libsodium: 64 MiB, 2 passes, about 0.1 s of one core).
//
// Threads: any; hashing is for one that nobody waits for.
#pragma once

#include <string>
#include <string_view>

#include "hub/base/result.hpp"

namespace hub::access {

constexpr std::size_t kPasswordCharactersMin = 12, kPasswordCharactersMax = 128;

// `text`, valid UTF-8, in NFC, so that it is the same from every keyboard. password_unfit: too short, too long, or with
// a control character.
Result<std::string> fit_password(std::string_view text);

// Text that names algorithm, costs and salt. io_failed without memory for it.
Result<std::string> hash_password(std::string_view password);
bool is_password(std::string_view hash, std::string_view password);

}  // namespace hub::access
