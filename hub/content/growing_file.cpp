#include "hub/content/growing_file.hpp"

#include <algorithm>

#include "hub/base/check.hpp"

namespace hub::content {

Result<GrowingFile> GrowingFile::open(const std::string& partial_path, const Expected& expected,
                                      std::uint64_t sync_bytes) {
  auto file = File::open_to_write(partial_path);
  if (!file) return tl::unexpected(file.error());
  const auto size = file->size();
  if (!size) return tl::unexpected(size.error());
  // The last slice was perhaps not synced, even when it is full. A file that is too long is none of ours.
  std::uint64_t durable = *size == 0 || *size > expected.size ? 0 : (*size - 1) / sync_bytes * sync_bytes;
  if (durable != *size)
    if (auto cut = file->cut(durable); !cut) return tl::unexpected(cut.error());
  if (auto reserved = file->reserve(expected.size); !reserved) return tl::unexpected(reserved.error());
  return GrowingFile(std::move(*file), expected, sync_bytes, durable);
}

Result<void> GrowingFile::check_some() {
  Buffer part(std::min<std::uint64_t>(kCheckBytes, written_ - hashed_));
  const auto got = file_.read_at(hashed_, part);
  if (!got) return tl::unexpected(got.error());
  if (*got != part.size())
    return fail(ErrorCode::io_failed,
                {{"operation", "read"}, {"path", file_.path()}, {"reason", "the file became shorter"}});
  hash_.add(part);
  hashed_ += part.size();
  return {};
}

Result<void> GrowingFile::append(ByteView bytes) {
  HUB_CHECK(checked() && bytes.size() <= expected_.size - written_);
  while (!bytes.empty()) {
    const ByteView part = bytes.first(std::min<std::uint64_t>(bytes.size(), until_next_sync()));
    if (auto put = file_.write_at(written_, part); !put) return put;
    file_.start_writing(written_, part.size());
    hash_.add(part);
    written_ += part.size();
    hashed_ = written_;
    if (written_ % sync_bytes_ == 0)
      if (auto synced = file_.sync_data(); !synced) return synced;
    bytes = bytes.subspan(part.size());
  }
  return {};
}

Result<void> GrowingFile::finish(const std::string& path) {
  HUB_CHECK(is_whole());
  const crypto::Digest actual = crypto::Sha256(hash_).finish();
  if (actual != expected_.digest) {
    if (auto removed = discard(); !removed) return removed;
    return fail(ErrorCode::attachment_digest_wrong,
                {{"actual", to_hex(actual)}, {"expected", to_hex(expected_.digest)}});
  }
  if (auto synced = file_.sync_data(); !synced) return synced;
  return rename_synced(file_.path(), path);
}

Result<void> GrowingFile::discard() { return remove_file(file_.path()); }

}  // namespace hub::content
