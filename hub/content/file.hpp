// The file operations that contents need: large files, read and written in order, synced on request. Failures are
// io_failed with the path; storage_full where there was no space.
//
// One thread owns a File.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"
#include "hub/content/file_cipher.hpp"

namespace hub::content {

class File {
 public:
  static Result<File> open_to_read(const std::string& path);   // a regular file; never a link, never a device
  // Made when it is not there.
  static Result<File> open_to_write(const std::string& path, unsigned mode = 0640);
  // From now on what is written is encrypted, and opened when it is read.
  void encrypt_with(FileCipher cipher) { cipher_ = std::move(cipher); }
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();

  const std::string& path() const { return path_; }
  Result<std::uint64_t> size() const;
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const;  // fewer only at the end
  Result<void> write_at(std::uint64_t offset, ByteView bytes) const;                     // all of them
  Result<void> cut(std::uint64_t size) const;
  // Sets room on the disk aside, without changing the size, where the file system can.
  Result<void> reserve(std::uint64_t size) const;
  // Starts writing a range to the disk and does not wait: so a sync later finds little to do, and stalls nobody.
  void start_writing(std::uint64_t offset, std::uint64_t bytes) const;
  Result<void> sync_data() const;

 private:
  File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  tl::unexpected<Error> failed(const char* operation) const;

  std::string path_;
  int descriptor_ = -1;
  std::optional<FileCipher> cipher_;
};

// Makes a folder, unless it is there, and syncs the one above it.
Result<void> make_folder(const std::string& path, unsigned mode = 0750);
Result<void> sync_folder(const std::string& path);
// Both names in the same folder, which is synced.
Result<void> rename_synced(const std::string& from, const std::string& to);
Result<void> remove_file(const std::string& path);  // it may be gone

}  // namespace hub::content
