// Reads a segment file from front to back through a window of memory, so that a start needs a few MiB, not a segment.
//
// Threads: one at a time.
#pragma once

#include "hub/journal/segment_format.hpp"

namespace hub::journal {

class SegmentReader {
 public:
  static Result<SegmentReader> open(ports::Disk& disk, const std::string& name);

  std::uint64_t size() const { return size_; }
  // The header alone, without reading ahead; nothing when it is broken or the file too short.
  Result<std::optional<SegmentHeader>> header() const;
  // `count` bytes from `offset`, all inside the file. The view is good until the next call.
  Result<ByteView> bytes(std::uint64_t offset, std::uint64_t count);

 private:
  SegmentReader(std::unique_ptr<ports::File> file, std::string path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  std::unique_ptr<ports::File> file_;
  std::string path_;
  std::uint64_t size_;
  Buffer window_;
  std::uint64_t window_start_ = 0;
};

}  // namespace hub::journal
