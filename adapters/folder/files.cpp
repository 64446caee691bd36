#include "adapters/folder/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace hub::folder {
namespace {

tl::unexpected<Error> io_failed(const std::string& path, const char* operation) {
  const int number = errno;
  return fail(
      ErrorCode::io_failed,
      {{"operation", operation}, {"path", path}, {"reason", std::strerror(number)}, {"errno", std::to_string(number)}});
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<Folder> Folder::open(const std::string& path) {
  if (::mkdir(path.c_str(), 0770) != 0 && errno != EEXIST) return io_failed(path, "mkdir");
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return io_failed(path, "open");
  return Folder(path, descriptor);
}

Folder::Folder(Folder&& other) noexcept : path_(std::move(other.path_)), descriptor_(other.descriptor_) {
  other.descriptor_ = -1;
}

Folder::~Folder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

tl::unexpected<Error> Folder::failed(const char* operation, const std::string& name) const {
  return io_failed(name.empty() ? path_ : path_ + "/" + name, operation);
}

bool Folder::has(const std::string& name) const {
  struct stat unused;
  return ::fstatat(descriptor_, name.c_str(), &unused, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<void> Folder::each_file(const std::function<void(const char*)>& visit) const {
  // A second description of the folder, because a DIR owns and closes its own.
  const int own = ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (own < 0) return failed("open", "");
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(own), &::closedir);
  if (!entries) return failed("read", "");
  errno = 0;
  while (const dirent* entry = ::readdir(entries.get())) {
    if (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN) visit(entry->d_name);
    errno = 0;
  }
  if (errno != 0) return failed("read", "");
  return {};
}

Result<void> Folder::write(const std::string& name, std::string_view text) const {
  const int file = ::openat(descriptor_, name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0660);
  if (file < 0) return failed("create", name);
  const bool written = write_all(file, text);
  const int error = errno;
  ::close(file);
  errno = error;
  if (!written) return failed("write", name);
  return {};
}

Result<void> Folder::sync_file(const std::string& name) const {
  const int file = ::openat(descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return failed("open", name);
  const bool synced = ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  if (!synced) return failed("sync", name);
  return {};
}

Result<void> Folder::sync() const {
  if (::fsync(descriptor_) != 0) return failed("sync", "");
  return {};
}

Result<bool> Folder::move(const std::string& name, const Folder& to, const std::string& new_name) const {
  if (::renameat(descriptor_, name.c_str(), to.descriptor_, new_name.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  return failed("rename", name);
}

Result<bool> Folder::move_to_free(const std::string& name, const Folder& to, const std::string& new_name) const {
  if (::renameat2(descriptor_, name.c_str(), to.descriptor_, new_name.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  return failed("rename", name);
}

Result<void> Folder::remove(const std::string& name) const {
  if (::unlinkat(descriptor_, name.c_str(), 0) != 0 && errno != ENOENT) return failed("remove", name);
  return {};
}

Result<void> publish(const Folder& staging, std::span<const NamedText> files) {
  // All are written before the first is synced: the file system then commits them together.
  for (std::size_t i = 0; i < files.size(); ++i)
    if (auto written = staging.write("publish-" + std::to_string(i), files[i].text); !written) return written;
  for (std::size_t i = 0; i < files.size(); ++i)
    if (auto synced = staging.sync_file("publish-" + std::to_string(i)); !synced) return synced;
  std::vector<const Folder*> touched;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto moved = staging.move("publish-" + std::to_string(i), *files[i].to, files[i].name);
    if (!moved) return tl::unexpected(moved.error());
    if (!*moved) return staging.failed("rename", files[i].name);
    if (std::find(touched.begin(), touched.end(), files[i].to) == touched.end()) touched.push_back(files[i].to);
  }
  for (const Folder* folder : touched)
    if (auto synced = folder->sync(); !synced) return synced;
  return {};
}

}  // namespace hub::folder
