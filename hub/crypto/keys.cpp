#include "hub/crypto/keys.hpp"

#include <sodium.h>

#include "hub/base/check.hpp"

namespace hub::crypto {

KeyId key_id(const PublicKey& key) {
  const Digest digest = sha256(key);
  KeyId id;
  std::memcpy(id.data(), digest.data(), id.size());
  return id;
}

std::string fingerprint(const PublicKey& key) { return "sha256:" + to_hex(sha256(key)); }

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

SigningKey SigningKey::generate() {
  SigningKey key;
  HUB_CHECK(crypto_sign_keypair(key.public_.data(), key.secret_.data()) == 0);
  return key;
}

SigningKey SigningKey::from_seed(const Bytes<32>& seed) {
  SigningKey key;
  HUB_CHECK(crypto_sign_seed_keypair(key.public_.data(), key.secret_.data(), seed.data()) == 0);
  return key;
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

Bytes<32> SigningKey::seed() const {
  Bytes<32> out;
  HUB_CHECK(crypto_sign_ed25519_sk_to_seed(out.data(), secret_.data()) == 0);
  return out;
}

Signature SigningKey::sign(ByteView message) const {
  Signature out;
  HUB_CHECK(crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), secret_.data()) == 0);
  return out;
}

void initialise() { HUB_CHECK(sodium_init() >= 0); }

}  // namespace hub::crypto
