// SHA-256 (FIPS 180-4) by OpenSSL, CRC32C (RFC 3720 appendix B.4).
#pragma once

#include <openssl/sha.h>

#include "hub/base/bytes.hpp"

namespace hub::crypto {

using Digest = Bytes<32>;
constexpr std::size_t kDigestBytes = sizeof(Digest);

// Incremental SHA-256. OpenSSL's low-level interface: its newer one costs more than the hash of a small record.
class Sha256 {
 public:
  Sha256();
  Sha256& add(ByteView bytes);
  Sha256& add(std::uint8_t byte) { return add(ByteView(&byte, 1)); }
  Digest finish();

 private:
  SHA256_CTX context_;
};

Digest sha256(ByteView bytes);
std::uint32_t crc32c(ByteView bytes, std::uint32_t previous = 0);

}  // namespace hub::crypto
