#include "hub/content/file_cipher.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "hub/base/check.hpp"

namespace hub::content {
namespace {

constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kBytesAtOnce = std::size_t{1} << 30;  // a length is an int there

Bytes<kBlockBytes> counter_at(std::uint64_t block) {
  Bytes<kBlockBytes> out{};
  for (std::size_t i = 0; i < sizeof block; ++i)
    out[kBlockBytes - 1 - i] = static_cast<std::uint8_t>(block >> (8 * i));
  return out;
}

}  // namespace

struct FileCipher::Context {
  EVP_CIPHER_CTX* const evp = EVP_CIPHER_CTX_new();
  ~Context() { EVP_CIPHER_CTX_free(evp); }  // it also cleanses the key
};

FileCipher::FileCipher(const Secret& secret) : context_(std::make_unique<Context>()) {
  HUB_CHECK(EVP_EncryptInit_ex(context_->evp, EVP_aes_256_ctr(), nullptr, secret.data(), nullptr) == 1);
}
FileCipher::~FileCipher() = default;
FileCipher::FileCipher(FileCipher&&) noexcept = default;
FileCipher& FileCipher::operator=(FileCipher&&) noexcept = default;

void FileCipher::apply(std::uint64_t offset, std::span<std::uint8_t> bytes) const {
  const Bytes<kBlockBytes> counter = counter_at(offset / kBlockBytes);
  HUB_CHECK(EVP_EncryptInit_ex(context_->evp, nullptr, nullptr, nullptr, counter.data()) == 1);
  const auto run = [&](std::span<std::uint8_t> part) {
    int written = 0;
    HUB_CHECK(EVP_EncryptUpdate(context_->evp, part.data(), &written, part.data(), static_cast<int>(part.size())) == 1);
  };
  Bytes<kBlockBytes> before;  // of the block in which the range begins
  if (offset % kBlockBytes != 0) run(std::span(before).first(offset % kBlockBytes));
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kBytesAtOnce));
    run(part);
    bytes = bytes.subspan(part.size());
  }
}

}  // namespace hub::content
