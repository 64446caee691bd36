#include "hub/crypto/digest.hpp"

#include <array>
#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace hub::crypto {
namespace {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? 0x82f63b78u ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  return table;
}
constexpr auto kCrcTable = make_crc_table();

std::uint32_t crc_portable(const std::uint8_t* p, std::size_t n, std::uint32_t c) {
  for (; n > 0; --n, ++p) c = kCrcTable[(c ^ *p) & 0xff] ^ (c >> 8);
  return c;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc_sse42(const std::uint8_t* p, std::size_t n, std::uint32_t c) {
  std::uint64_t wide = c;
  for (; n >= 8; n -= 8, p += 8) wide = _mm_crc32_u64(wide, load_le<std::uint64_t>(p));
  c = static_cast<std::uint32_t>(wide);
  for (; n > 0; --n, ++p) c = _mm_crc32_u8(c, *p);
  return c;
}
const bool kHasSse42 = __builtin_cpu_supports("sse4.2") != 0;
#endif

}  // namespace

// OpenSSL 3 marks its low-level functions deprecated, with no replacement of the same cost.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
Sha256::Sha256() { SHA256_Init(&context_); }

Sha256& Sha256::add(ByteView bytes) {
  SHA256_Update(&context_, bytes.data(), bytes.size());
  return *this;
}

Digest Sha256::finish() {
  Digest out;
  SHA256_Final(out.data(), &context_);
  return out;
}
#pragma GCC diagnostic pop

Digest sha256(ByteView bytes) { return Sha256().add(bytes).finish(); }

std::uint32_t crc32c(ByteView bytes, std::uint32_t previous) {
  const std::uint32_t start = ~previous;
#if defined(__x86_64__)
  if (kHasSse42) return ~crc_sse42(bytes.data(), bytes.size(), start);
#endif
  return ~crc_portable(bytes.data(), bytes.size(), start);
}

}  // namespace hub::crypto
