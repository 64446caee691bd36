// Where every durable record stands in its file, in four bytes a record, and reading it from there.
//
// Threads: the journal's owner. Files are opened for reading when a record of theirs is first asked for.
#pragma once

#include <memory>
#include <vector>

#include "hub/journal/journal.hpp"

namespace hub::journal {

class StoredRecords {
 public:
  explicit StoredRecords(ports::Disk& disk) : disk_(disk) {}

  // A segment behind the others; records are then added to it in order.
  void add_segment(Position first);
  void add_record(std::uint64_t offset, std::uint64_t bytes);

  // A record that was added, checked, in `scratch`.
  Result<RecordView> read(Position position, Buffer& scratch) const;

 private:
  struct Segment {
    Position first;
    std::vector<std::uint32_t> offsets;  // in units of 8 bytes
    std::uint32_t end = 0;               // behind the last record
    mutable std::unique_ptr<ports::File> file;
  };
  const Segment* segment_of(Position position) const;

  ports::Disk& disk_;
  std::vector<Segment> segments_;
};

}  // namespace hub::journal
