#include "hub/runtime/folder_secrets.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace hub::runtime {
namespace {

tl::unexpected<Error> failed(const char* operation, const std::string& path, int error) {
  if (error == ENOSPC || error == EDQUOT) return fail(ErrorCode::storage_full);
  return fail(ErrorCode::io_failed,
              {{"operation", operation}, {"path", path}, {"reason", std::generic_category().message(error)}});
}

std::string name_of(std::uint32_t key) {
  char out[32];
  std::snprintf(out, sizeof out, "%010u.key", key);
  return out;
}

// All of them, synced; or the error.
int write_synced(int file, ByteView bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t n = ::pwrite(file, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    at += static_cast<std::size_t>(n);
  }
  return ::fsync(file) == 0 ? 0 : errno;
}

}  // namespace

Result<FolderSecrets> FolderSecrets::open_or_make(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) {
    const std::string parent = std::filesystem::path(folder).parent_path();
    const Descriptor above(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!above.good() || ::fsync(above.get()) != 0) return failed("fsync", parent, errno);
  } else if (errno != EEXIST) {
    return failed("mkdir", folder, errno);
  }
  return open_to_read(folder);
}

Result<FolderSecrets> FolderSecrets::open_to_read(const std::string& folder) {
  Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.good() && errno != ENOENT) return failed("open", folder, errno);
  return FolderSecrets(folder, std::move(opened));
}

// Written under another name first: a file with its own name is whole.
Result<ports::StorageSecret> FolderSecrets::create(std::uint32_t key, const ports::StorageSecret& fresh) {
  const auto known = read(key);
  if (!known) return tl::unexpected(known.error());
  if (*known) return **known;
  const std::string name = name_of(key), unfinished = name + ".tmp";
  const Descriptor file(::openat(folder_.get(), unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.good()) return failed("create", describe(key), errno);
  if (const int error = write_synced(file.get(), fresh); error != 0) {
    ::unlinkat(folder_.get(), unfinished.c_str(), 0);
    return failed("write", describe(key), error);
  }
  if (::renameat(folder_.get(), unfinished.c_str(), folder_.get(), name.c_str()) != 0)
    return failed("rename", describe(key), errno);
  if (auto synced = sync_folder(); !synced) return tl::unexpected(synced.error());
  return fresh;
}

Result<std::optional<ports::StorageSecret>> FolderSecrets::read(std::uint32_t key) const {
  if (!folder_.good()) return std::nullopt;
  const Descriptor file(::openat(folder_.get(), name_of(key).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.good() && errno == ENOENT) return std::nullopt;
  if (!file.good()) return failed("open", describe(key), errno);
  Bytes<33> bytes;
  const ssize_t n = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  if (n < 0) return failed("read", describe(key), errno);
  return fixed<32>(ByteView(bytes).first(static_cast<std::size_t>(n)));
}

Result<void> FolderSecrets::destroy(std::uint32_t key) {
  const std::string name = name_of(key);
  const Descriptor file(::openat(folder_.get(), name.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.good() && errno == ENOENT) return {};
  if (!file.good()) return failed("open", describe(key), errno);
  if (const int error = write_synced(file.get(), Bytes<32>{}); error != 0) return failed("write", describe(key), error);
  if (::unlinkat(folder_.get(), name.c_str(), 0) != 0) return failed("remove", describe(key), errno);
  return sync_folder();
}

std::string FolderSecrets::describe(std::uint32_t key) const { return path_ + "/" + name_of(key); }

Result<void> FolderSecrets::sync_folder() const {
  if (::fsync(folder_.get()) != 0) return failed("fsync", path_, errno);
  return {};
}

}  // namespace hub::runtime
