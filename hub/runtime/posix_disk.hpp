// A folder on a real disk, by system calls: what was synced survives a power cut as far as the disk keeps its word.
//
// Threads: as Disk and File say. The lock lives as long as the object, and no longer than the process.
#pragma once

#include <utility>

#include "hub/ports/disk.hpp"

namespace hub::runtime {

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  bool good() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

class PosixDisk final : public ports::Disk {
 public:
  // An existing folder, to look at: nothing stops another process from writing in it.
  static Result<std::unique_ptr<PosixDisk>> open(const std::string& folder);
  // The same, for the one process that writes: journal_in_use when there is one already.
  static Result<std::unique_ptr<PosixDisk>> open_locked(const std::string& folder);

  Result<std::unique_ptr<ports::File>> create_prefilled(const std::string& name, std::uint64_t size) override;
  Result<std::unique_ptr<ports::File>> open(const std::string& name, bool writable) override;
  Result<void> settle(const std::string& name) override;
  Result<std::vector<std::string>> list() const override;
  Result<void> remove(const std::string& name) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  std::string describe(const std::string& name) const override;

 private:
  PosixDisk(std::string path, Descriptor folder, Descriptor lock)
      : path_(std::move(path)), folder_(std::move(folder)), lock_(std::move(lock)) {}
  static Result<Descriptor> open_folder(const std::string& path);
  Result<void> sync_folder() const;

  const std::string path_;
  const Descriptor folder_, lock_;
};

}  // namespace hub::runtime
