// The few file operations that durability is made of. Everything that must survive goes through here, so that the
// simulation can lose and tear what was not synced.
//
// A failed write or sync leaves the file in an unknown state (io_failed): the caller ends the process, it never retries.
// Only a file that could not be made for want of space (storage_full) leaves everything as it was.
//
// Threads: a Disk may be used by several threads at once; a File by one at a time. A File stays good when its name
// changes.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

namespace hub::ports {

class File {
 public:
  virtual ~File() = default;
  virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;  // all of them
  // At most out.size() bytes; fewer only at the end of the file. Returns how many.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const = 0;
  virtual Result<void> sync_data() = 0;  // fdatasync
  virtual Result<std::uint64_t> size() const = 0;
};

// One folder of files without subfolders; names are plain.
class Disk {
 public:
  virtual ~Disk() = default;
  // A new file of `size` zero bytes, written out, synced, and its name synced in the folder. Written under another
  // name first, so that a file with its own name is always whole. Takes the place of a file of that name.
  // storage_full when there is no space for it; what was written of it is gone then.
  virtual Result<std::unique_ptr<File>> create_prefilled(const std::string& name, std::uint64_t size) = 0;
  virtual Result<std::unique_ptr<File>> open(const std::string& name, bool writable) = 0;
  virtual Result<std::vector<std::string>> list() const = 0;  // sorted
  virtual Result<void> remove(const std::string& name) = 0;                            // synced
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;     // synced; takes the place of `to`
  virtual std::string describe(const std::string& name) const = 0;  // a path that a person can open
  // For a file that a process before this one wrote: syncs it and the folder, and drops what memory holds of it, so that
  // what is read then is what the disk has. After a failed sync memory goes on showing bytes that never reached the disk,
  // and later syncs don't write them.
  virtual Result<void> settle(const std::string& name) = 0;
};

}  // namespace hub::ports
