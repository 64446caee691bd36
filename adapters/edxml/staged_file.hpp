// A new file of the staging folder and what is known of its content. It is removed when its owner goes, unless it was
// released. One thread owns it.
#pragma once

#include <string>

#include "hub/base/result.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::edxml {

class StagedFile {
 public:
  static Result<StagedFile> make(std::string path);  // io_failed, also when it exists
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&& other) noexcept;
  ~StagedFile();

  Result<void> write(ByteView bytes);
  // After the last write: closes it. Its bytes are durable only once the owner synced them.
  void finish();
  void release() { path_.clear(); }

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_; }
  std::uint64_t size() const { return size_; }
  const std::string& head() const { return head_; }  // the first kHeadBytes
  const crypto::Digest& sha256() const { return digest_; }

  static constexpr std::size_t kHeadBytes = 1024;

 private:
  StagedFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::string head_;
  crypto::Sha256 hash_;
  crypto::Digest digest_{};
};

}  // namespace hub::edxml
