// A content on its way onto the disk: chunks are appended in order, and the file has its own name only when it is
// whole, has its digest and is synced. Used by the hub for uploads and by endpoints for downloads.
//
// What is at `<partial path>`, and why it can be believed after a crash:
//   1. Bytes are written in order. Each time that `sync_bytes` more are there, they are synced before another byte is
//      written. So of a partial file all but its last, unfinished slice is durable.
//   2. After a crash, the file is cut to the slices of which that is known, and these are hashed again, a part at a
//   time
//      (check_some), so that a large file blocks nobody.
//   3. The last bytes are synced, the digest is compared, the file is renamed, its folder synced (finish). A crash
//   before
//      the rename repeats this; a wrong digest removes the partial file.
//
// One thread owns it. After a failure nothing is known of the file: discard() it.
#pragma once

#include "hub/content/file.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::content {

constexpr std::uint64_t kSyncBytes = 16 << 20;
constexpr std::size_t kCheckBytes = 4 << 20;  // hashed at a time of what was there

struct Expected {
  std::uint64_t size = 0;
  crypto::Digest digest{};
};

class GrowingFile {
 public:
  // Goes on with what an earlier attempt left at `partial_path`.
  static Result<GrowingFile> open(const std::string& partial_path, const Expected& expected,
                                  std::uint64_t sync_bytes = kSyncBytes);
  // Before anything is written or checked.
  void encrypt_with(FileCipher cipher) { file_.encrypt_with(std::move(cipher)); }

  // False while there is an earlier part that has not been hashed yet.
  bool checked() const { return hashed_ == written_; }
  Result<void> check_some();

  std::uint64_t written() const { return written_; }
  bool is_whole() const { return checked() && written_ == expected_.size; }
  // checked() and not more than what is missing.
  Result<void> append(ByteView bytes);
  // The whole file gets its name. attachment_digest_wrong when it is another content: it is removed then.
  Result<void> finish(const std::string& path);
  Result<void> discard();

 private:
  GrowingFile(File file, const Expected& expected, std::uint64_t sync_bytes, std::uint64_t written)
      : file_(std::move(file)), expected_(expected), sync_bytes_(sync_bytes), written_(written) {}
  std::uint64_t until_next_sync() const { return sync_bytes_ - written_ % sync_bytes_; }

  File file_;
  Expected expected_;
  std::uint64_t sync_bytes_;
  std::uint64_t written_ = 0, hashed_ = 0;
  crypto::Sha256 hash_;
};

}  // namespace hub::content
