// Encrypts and opens any range of a file in place: AES-256 in counter mode, the counter the number of the 16-byte block in
// the file. For a key that encrypts one content and no other; that the bytes are the right ones, their digest says.
//
// Threads: one at a time.
#pragma once

#include <memory>
#include <span>

#include "hub/content/secret_file.hpp"

namespace hub::content {

class FileCipher {
 public:
  explicit FileCipher(const Secret& secret);
  ~FileCipher();
  FileCipher(FileCipher&&) noexcept;
  FileCipher& operator=(FileCipher&&) noexcept;

  // The same both ways. `offset`: of the first of these bytes in the file.
  void apply(std::uint64_t offset, std::span<std::uint8_t> bytes) const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace hub::content
