// The signature of a batch, version 1: one Ed25519 signature over the Merkle root of the documents' digests.
//
//   document digest = SHA-256(document)
//   batch leaf      = SHA-256(0x00 ‖ document digest)
//   root            = RFC 6962 root over the batch leaves, in the batch's order
//   signed text     = "coordination-hub batch v1\n"
//                     ‖ u8 length ‖ hub origin ‖ u8 length ‖ sender (party id)
//                     ‖ key id (16) ‖ u32 little-endian count ‖ root (32)
//   envelope digest = SHA-256(signed text ‖ signature)
#pragma once

#include <string_view>

#include "hub/crypto/keys.hpp"
#include "hub/crypto/merkle.hpp"

namespace hub::crypto {

struct BatchClaim {
  std::string_view origin;
  std::string_view sender;
  KeyId key{};
  std::uint32_t count = 0;
  Digest root{};
};

inline Digest batch_leaf(const Digest& document_digest) { return leaf_hash(document_digest); }
Buffer batch_signed_text(const BatchClaim& claim);
Digest envelope_digest(ByteView signed_text, const Signature& signature);

}  // namespace hub::crypto
