#include "hub/access/secret.hpp"

#include <sodium.h>

namespace hub::access {

std::string new_secret() {
  Bytes<kSecretBytes> random;
  randombytes_buf(random.data(), random.size());
  return to_hex(random);
}

std::optional<crypto::Digest> secret_digest(std::string_view text) {
  if (text.size() != 2 * kSecretBytes) return std::nullopt;
  const auto bytes = from_hex(text);
  if (!bytes) return std::nullopt;
  return crypto::sha256(*bytes);
}

std::string csrf_token(std::string_view session_secret) {
  return to_hex(crypto::sha256(as_bytes("coordination-hub csrf v1\n" + std::string(session_secret))));
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hub::access
