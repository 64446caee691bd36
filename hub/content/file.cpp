#include "hub/content/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace hub::content {
namespace {

tl::unexpected<Error> io_failed(const std::string& path, const char* operation) {
  if (errno == ENOSPC || errno == EDQUOT) return fail(ErrorCode::storage_full, {{"path", path}});
  return fail(ErrorCode::io_failed, {{"operation", operation}, {"path", path}, {"reason", std::strerror(errno)}});
}

std::string parent_of(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

}  // namespace

Result<File> File::open_to_read(const std::string& path) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return io_failed(path, "open");
  File file(path, descriptor);
  struct stat found;
  if (::fstat(descriptor, &found) != 0) return io_failed(path, "stat");
  if (!S_ISREG(found.st_mode)) {
    errno = EINVAL;
    return io_failed(path, "open");
  }
  return file;
}

Result<File> File::open_to_write(const std::string& path, unsigned mode) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode);
  if (descriptor < 0) return io_failed(path, "create");
  return File(path, descriptor);
}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      cipher_(std::move(other.cipher_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(cipher_, other.cipher_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

tl::unexpected<Error> File::failed(const char* operation) const { return io_failed(path_, operation); }

Result<std::uint64_t> File::size() const {
  struct stat found;
  if (::fstat(descriptor_, &found) != 0) return failed("stat");
  return static_cast<std::uint64_t>(found.st_size);
}

Result<std::size_t> File::read_at(std::uint64_t offset, std::span<std::uint8_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = ::pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  if (cipher_) cipher_->apply(offset, out.first(done));
  return done;
}

Result<void> File::write_at(std::uint64_t offset, ByteView bytes) const {
  Buffer encrypted;
  if (cipher_) {
    encrypted.assign(bytes.begin(), bytes.end());
    cipher_->apply(offset, encrypted);
    bytes = encrypted;
  }
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed("write");
    offset += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> File::cut(std::uint64_t size) const {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return failed("truncate");
  return {};
}

Result<void> File::reserve(std::uint64_t size) const {
  if (size == 0 || ::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) == 0 ||
      errno == EOPNOTSUPP || errno == ENOSYS)
    return {};
  return failed("reserve");
}

void File::start_writing(std::uint64_t offset, std::uint64_t bytes) const {
  (void)::sync_file_range(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(bytes), SYNC_FILE_RANGE_WRITE);
}

Result<void> File::sync_data() const {
  if (::fdatasync(descriptor_) != 0) return failed("sync");
  return {};
}

Result<void> make_folder(const std::string& path, unsigned mode) {
  if (::mkdir(path.c_str(), mode) == 0) return sync_folder(parent_of(path));
  if (errno != EEXIST) return io_failed(path, "mkdir");
  return {};
}

Result<void> sync_folder(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return io_failed(path, "open");
  const bool synced = ::fsync(descriptor) == 0;
  const int error = errno;
  ::close(descriptor);
  errno = error;
  if (!synced) return io_failed(path, "sync");
  return {};
}

Result<void> rename_synced(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return io_failed(from, "rename");
  return sync_folder(parent_of(to));
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return io_failed(path, "remove");
  return {};
}

}  // namespace hub::content
