#include "hub/runtime/posix_disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace hub::runtime {
namespace {

constexpr std::size_t kPrefillChunkBytes = 1 << 20;
constexpr mode_t kFileMode = 0640;
constexpr char kLockName[] = "lock";
constexpr std::string_view kUnfinished = ".tmp";  // behind the name of a file that is being made

tl::unexpected<Error> failed(std::string_view operation, const std::string& path, int error) {
  return fail(
      ErrorCode::io_failed,
      {{"operation", std::string(operation)}, {"path", path}, {"reason", std::generic_category().message(error)}});
}

struct CloseFolder {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

bool is_out_of_space(int error) { return error == ENOSPC || error == EDQUOT; }

class PosixFile final : public ports::File {
 public:
  PosixFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return failed("pwrite", path_, n < 0 ? errno : EIO);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
    }
    return {};
  }

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t n =
          ::pread(descriptor_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed("pread", path_, errno);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  Result<void> sync_data() override {
    // Never a second time: after a failure the kernel may have dropped the pages and would report success.
    if (::fdatasync(descriptor_.get()) != 0) return failed("fdatasync", path_, errno);
    return {};
  }

  Result<std::uint64_t> size() const override {
    struct stat status {};
    if (::fstat(descriptor_.get(), &status) != 0) return failed("fstat", path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  Descriptor descriptor_;
  std::string path_;  // when it was opened; for messages
};

// Zero, or the error of the call that failed.
int prefill(int fd, std::uint64_t size) {
  // Tells a full disk at once, where the file system can; else the zeros below would fill it first.
  while (size > 0 && ::fallocate(fd, 0, 0, static_cast<off_t>(size)) != 0) {
    if (errno == EOPNOTSUPP || errno == ENOSYS) break;
    if (errno != EINTR) return errno;
  }
  const Buffer zeros(std::min<std::uint64_t>(size, kPrefillChunkBytes), 0);
  for (std::uint64_t at = 0; at < size;) {
    const std::size_t count = std::min<std::uint64_t>(zeros.size(), size - at);
    const ssize_t n = ::pwrite(fd, zeros.data(), count, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    at += static_cast<std::uint64_t>(n);
  }
  return ::fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Descriptor> PosixDisk::open_folder(const std::string& path) {
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.good()) return failed("open", path, errno);
  return folder;
}

Result<std::unique_ptr<PosixDisk>> PosixDisk::open(const std::string& folder) {
  auto opened = open_folder(folder);
  if (!opened) return tl::make_unexpected(opened.error());
  return std::unique_ptr<PosixDisk>(new PosixDisk(folder, std::move(*opened), Descriptor(-1)));
}

Result<std::unique_ptr<PosixDisk>> PosixDisk::open_locked(const std::string& folder) {
  auto opened = open_folder(folder);
  if (!opened) return tl::make_unexpected(opened.error());
  Descriptor lock(::openat(opened->get(), kLockName, O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
  if (!lock.good()) return failed("open", folder + "/" + kLockName, errno);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return fail(ErrorCode::journal_in_use, {{"path", folder}});
    return failed("flock", folder + "/" + kLockName, errno);
  }
  return std::unique_ptr<PosixDisk>(new PosixDisk(folder, std::move(*opened), std::move(lock)));
}

Result<std::unique_ptr<ports::File>> PosixDisk::create_prefilled(const std::string& name, std::uint64_t size) {
  const std::string unfinished = name + std::string(kUnfinished);
  Descriptor made(::openat(folder_.get(), unfinished.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
  if (!made.good() && is_out_of_space(errno)) return fail(ErrorCode::storage_full);
  if (!made.good()) return failed("create", describe(unfinished), errno);
  if (const int error = prefill(made.get(), size); error != 0) {
    ::unlinkat(folder_.get(), unfinished.c_str(), 0);
    if (is_out_of_space(error)) return fail(ErrorCode::storage_full);
    return failed("prefill", describe(unfinished), error);
  }
  if (auto renamed = rename(unfinished, name); !renamed) return tl::make_unexpected(renamed.error());
  return std::make_unique<PosixFile>(std::move(made), describe(name));
}

Result<std::unique_ptr<ports::File>> PosixDisk::open(const std::string& name, bool writable) {
  Descriptor opened(::openat(folder_.get(), name.c_str(), (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC));
  if (!opened.good()) return failed("open", describe(name), errno);
  return std::make_unique<PosixFile>(std::move(opened), describe(name));
}

Result<void> PosixDisk::settle(const std::string& name) {
  const Descriptor opened(::openat(folder_.get(), name.c_str(), O_RDWR | O_CLOEXEC));
  if (!opened.good()) return failed("open", describe(name), errno);
  if (::fdatasync(opened.get()) != 0) return failed("fdatasync", describe(name), errno);
  if (const int error = ::posix_fadvise(opened.get(), 0, 0, POSIX_FADV_DONTNEED); error != 0)
    return failed("fadvise", describe(name), error);
  return sync_folder();
}

Result<std::vector<std::string>> PosixDisk::list() const {
  // A descriptor of its own: the position in a folder's stream belongs to the descriptor.
  Descriptor own(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, CloseFolder> stream(own.good() ? ::fdopendir(own.get()) : nullptr);
  if (!stream) return failed("list", path_, errno);
  own.release();
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  if (errno != 0) return failed("list", path_, errno);
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> PosixDisk::remove(const std::string& name) {
  if (::unlinkat(folder_.get(), name.c_str(), 0) != 0) return failed("remove", describe(name), errno);
  return sync_folder();
}

Result<void> PosixDisk::rename(const std::string& from, const std::string& to) {
  if (::renameat(folder_.get(), from.c_str(), folder_.get(), to.c_str()) != 0)
    return failed("rename", describe(from), errno);
  return sync_folder();
}

Result<void> PosixDisk::sync_folder() const {
  if (::fsync(folder_.get()) != 0) return failed("fsync", path_, errno);
  return {};
}

std::string PosixDisk::describe(const std::string& name) const { return name.empty() ? path_ : path_ + "/" + name; }

}  // namespace hub::runtime
