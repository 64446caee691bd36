// The certified signing keys of parties. The hub checks senders with it, and so does each recipient's SDK, with the
// root keys that it pins.
//
// Threads: one owner; const members from any number of threads while nobody adds.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "hub/registry/credentials.hpp"

namespace hub::registry {

struct CertifiedKey {
  std::string party;
  crypto::PublicKey key{};
  UnixMicros active_from, active_until;  // until: exclusive
  std::optional<UnixMicros> revoked_at;
  std::string certificate_text, revocation_text;  // the second is empty while it is not revoked
};

class KeyRing {
 public:
  // A certificate or a revocation that `root`, the party's root key, signed. Adding one again changes nothing; the
  // earliest revocation counts. certificate_invalid; key_unknown for the revocation of a key that has no certificate.
  Result<void> add(std::string_view credential_text, const crypto::PublicKey& root);
  Result<void> add(const Credential& verified);

  // The party's newest certificate of that key, whatever its dates; nullptr without one.
  const CertifiedKey* find(std::string_view party, const crypto::KeyId& key) const;

  // All of the party's certificates of that key, oldest first. The pointers are good until the next add.
  std::vector<const CertifiedKey*> certificates(std::string_view party, const crypto::KeyId& key) const;

  // The party's certificate of that key that is valid at a time: key_unknown, key_not_active, key_revoked (party, key,
  // from, until). The pointer is good until the next add.
  Result<const CertifiedKey*> valid(std::string_view party, const crypto::KeyId& key, UnixMicros at) const;

 private:
  struct KeyHash {
    std::size_t operator()(const crypto::KeyId& id) const { return load_le<std::size_t>(id.data()); }
  };
  // Several where a key was certified again, or by several parties.
  std::unordered_map<crypto::KeyId, std::vector<CertifiedKey>, KeyHash> keys_;
};

}  // namespace hub::registry
