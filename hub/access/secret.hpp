// Secrets that a program or a browser holds: cookies, links, API tokens. Each is 32 random bytes as 64 hexadecimal digits,
// and what is kept of it is its SHA-256 alone: with so much chance in it no slow hash is needed, and whoever reads the
// file can't use what it finds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hub/crypto/digest.hpp"

namespace hub::access {

constexpr std::size_t kSecretBytes = 32;

std::string new_secret();
// Nothing when the text is none.
std::optional<crypto::Digest> secret_digest(std::string_view text);

// What a page must send beside a session's cookie to change anything. It follows from the cookie's secret, so it need
// not be kept, and another site, which can't read the cookie, can't know it.
std::string csrf_token(std::string_view session_secret);
// Takes as long whatever is wrong.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace hub::access
