#include "adapters/edxml/staged_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "adapters/edxml/refusal.hpp"

namespace hub::edxml {

Result<StagedFile> StagedFile::make(std::string path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed("create", path);
  return StagedFile(std::move(path), descriptor);
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      head_(std::move(other.head_)),
      hash_(other.hash_),
      digest_(other.digest_) {}

StagedFile& StagedFile::operator=(StagedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  size_ = other.size_;
  head_ = std::move(other.head_);
  hash_ = other.hash_;
  digest_ = other.digest_;
  return *this;
}

StagedFile::~StagedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<void> StagedFile::write(ByteView bytes) {
  hash_.add(bytes);
  size_ += bytes.size();
  if (head_.size() < kHeadBytes) head_ += as_text(bytes.first(std::min(bytes.size(), kHeadBytes - head_.size())));
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("write", path_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

void StagedFile::finish() {
  digest_ = hash_.finish();
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace hub::edxml
