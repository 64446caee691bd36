// Encrypts and opens bodies: AES-256-GCM under the storage key of their retention class and month. The form stands in
// hub/journal/record_format.hpp.
//
// A key's schedule is set up once and kept, so a document costs no allocation. Threads: one at a time.
#pragma once

#include <map>
#include <memory>

#include "hub/journal/record_format.hpp"
#include "hub/ports/randomness.hpp"
#include "hub/ports/storage_secrets.hpp"

namespace hub::runtime {

class BodySealer {
 public:
  explicit BodySealer(ports::StorageSecrets& secrets);
  ~BodySealer();
  BodySealer(const BodySealer&) = delete;
  BodySealer& operator=(const BodySealer&) = delete;

  // A new key's secret, durable before this returns. storage_full, io_failed.
  Result<void> create(std::uint32_t key, ports::Randomness& randomness);
  // storage_key_missing.
  Result<void> find(std::uint32_t key);
  // Destroys the secret; it may be gone.
  Result<void> destroy(std::uint32_t key);

  // A body as it is stored, in `out`. The key was created or found.
  void seal(std::uint32_t key, const Bytes<16>& nonce, const crypto::Digest& digest, ByteView body, Buffer& out);
  // The body of a record as it was sent: its own view, or in `scratch`. storage_key_missing; journal_damaged: the
  // secret is another one, or the bytes are.
  Result<ByteView> open(const journal::RecordView& record, Buffer& scratch);

 private:
  struct Cipher;
  Result<Cipher*> cipher(std::uint32_t key);

  ports::StorageSecrets& secrets_;
  std::map<std::uint32_t, std::unique_ptr<Cipher>> ciphers_;
};

}  // namespace hub::runtime
