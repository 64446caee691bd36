#include "hub/runtime/body_sealer.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "hub/base/check.hpp"

namespace hub::runtime {
namespace {

constexpr int kTagBytes = journal::kBodyTagBytes;

int size_of(ByteView bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

struct BodySealer::Cipher {
  struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }  // it also cleanses the key
  };
  using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;
  Context sealing{EVP_CIPHER_CTX_new()}, opening{EVP_CIPHER_CTX_new()};

  explicit Cipher(const ports::StorageSecret& secret) {
    HUB_CHECK(EVP_EncryptInit_ex(sealing.get(), EVP_aes_256_gcm(), nullptr, secret.data(), nullptr) == 1);
    HUB_CHECK(EVP_DecryptInit_ex(opening.get(), EVP_aes_256_gcm(), nullptr, secret.data(), nullptr) == 1);
  }
};

BodySealer::BodySealer(ports::StorageSecrets& secrets) : secrets_(secrets) {}
BodySealer::~BodySealer() = default;

Result<void> BodySealer::create(std::uint32_t key, ports::Randomness& randomness) {
  ports::StorageSecret secret;
  randomness.fill(secret);
  auto made = secrets_.create(key, secret);
  OPENSSL_cleanse(secret.data(), secret.size());
  if (!made) return tl::unexpected(made.error());
  ciphers_[key] = std::make_unique<Cipher>(*made);
  OPENSSL_cleanse(made->data(), made->size());
  return {};
}

Result<void> BodySealer::find(std::uint32_t key) {
  const auto found = cipher(key);
  if (!found) return tl::unexpected(found.error());
  return {};
}

Result<void> BodySealer::destroy(std::uint32_t key) {
  ciphers_.erase(key);
  return secrets_.destroy(key);
}

void BodySealer::seal(std::uint32_t key, const Bytes<16>& nonce, const crypto::Digest& digest, ByteView body,
                      Buffer& out) {
  EVP_CIPHER_CTX* context = ciphers_.at(key)->sealing.get();
  out.resize(body.size() + kTagBytes);
  int written = 0;
  bool good = EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data()) == 1;
  good = good && EVP_EncryptUpdate(context, nullptr, &written, digest.data(), size_of(digest)) == 1;
  good = good && EVP_EncryptUpdate(context, out.data(), &written, body.data(), size_of(body)) == 1;
  good = good && written == size_of(body) && EVP_EncryptFinal_ex(context, out.data() + written, &written) == 1;
  good = good && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes, out.data() + body.size()) == 1;
  HUB_CHECK(good);
}

Result<ByteView> BodySealer::open(const journal::RecordView& record, Buffer& scratch) {
  if (record.body_key == 0) return record.body;
  const auto found = cipher(record.body_key);
  if (!found) return tl::unexpected(found.error());
  EVP_CIPHER_CTX* context = (*found)->opening.get();
  const std::size_t bytes = journal::sent_body_bytes(record);
  bool good = record.body.size() >= kTagBytes;
  if (good) {
    scratch.resize(bytes);
    const ByteView body = record.body.first(bytes);
    Bytes<kTagBytes> tag;
    std::memcpy(tag.data(), record.body.data() + bytes, tag.size());
    int written = 0;
    std::uint8_t nothing = 0;  // an empty body has no buffer
    std::uint8_t* const out = scratch.empty() ? &nothing : scratch.data();
    good = EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, record.nonce.data()) == 1 &&
           EVP_DecryptUpdate(context, nullptr, &written, record.body_digest.data(), size_of(record.body_digest)) == 1 &&
           EVP_DecryptUpdate(context, out, &written, body.data(), size_of(body)) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
           EVP_DecryptFinal_ex(context, out + written, &written) == 1;
  }
  if (good) return ByteView(scratch);
  scratch.clear();
  return fail(ErrorCode::journal_damaged,
              {{"file", "position " + std::to_string(record.position.value)},
               {"offset", "0"},
               {"reason", "the body does not open with " + secrets_.describe(record.body_key)},
               {"action", "Restore the key's file, or the segment, from a copy."}});
}

Result<BodySealer::Cipher*> BodySealer::cipher(std::uint32_t key) {
  if (const auto known = ciphers_.find(key); known != ciphers_.end()) return known->second.get();
  auto secret = secrets_.read(key);
  if (!secret) return tl::unexpected(secret.error());
  if (!*secret)
    return fail(ErrorCode::storage_key_missing, {{"key", std::to_string(key)}, {"path", secrets_.describe(key)}});
  auto& made = ciphers_[key] = std::make_unique<Cipher>(**secret);
  OPENSSL_cleanse((*secret)->data(), (*secret)->size());
  return made.get();
}

}  // namespace hub::runtime
