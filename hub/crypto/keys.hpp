// Ed25519 signatures (RFC 8032) by libsodium, and the names of keys.
#pragma once

#include <string>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::crypto {

using PublicKey = Bytes<32>;
using Signature = Bytes<64>;
using KeyId = Bytes<16>;  // the first 16 bytes of SHA-256(public key)

KeyId key_id(const PublicKey& key);
// "sha256:<hex of SHA-256(public key)>": what an agreement's canonical form names a root key by.
std::string fingerprint(const PublicKey& key);
bool verify(const PublicKey& key, ByteView message, const Signature& signature);

// A secret signing key; wiped from memory when it goes.
class SigningKey {
 public:
  static SigningKey generate();
  static SigningKey from_seed(const Bytes<32>& seed);
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;
  ~SigningKey();

  const PublicKey& public_key() const { return public_; }
  Bytes<32> seed() const;
  Signature sign(ByteView message) const;

 private:
  SigningKey() = default;
  PublicKey public_;
  Bytes<64> secret_;
};

// Must run before anything else here; ends the process if the library has no randomness.
void initialise();

}  // namespace hub::crypto
