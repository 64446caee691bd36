// The index of a sealed segment, in a file beside it: its footer, and where its records stand. A projection of the
// segment: what is missing, damaged or of another segment is made again from it, and changes nothing that is true.
//
// The file `journal-<first position, 20 digits>.idx`, version 1:
//
//    0  8   magic "HUBJIDX1"
//    8  u32 CRC32C of the bytes from 12 on
//   12  u32 records per offset, 32
//   16  16  journal id
//   32  u64 first position
//   40  u64 count of records: the last position is first + count - 1
//   48  u64 segment bytes
//   56  u64 where the records end in the segment
//   64  32  tree root over every record up to the last of the segment (RFC 6962)
//   96  u32 how many subtrees that tree is made of
//  100  u32 how many offsets
//  104      subtrees, 32 bytes each, the largest first
//           offsets, u32 each, in units of 8 bytes: of the records first, first + 32, first + 64 ...
//
// Threads: values and free functions.
#pragma once

#include <optional>
#include <vector>

#include "hub/journal/journal.hpp"

namespace hub::journal {

constexpr std::uint32_t kRecordsPerOffset = 32;

struct SegmentIndex {
  JournalId journal{};
  Position first;
  std::uint64_t count = 0;
  std::uint64_t segment_bytes = 0, records_end = 0;
  crypto::MerkleFrontier tree;         // over every record up to the last of the segment
  std::vector<std::uint32_t> offsets;  // of every 32nd record, in units of 8 bytes

  bool operator==(const SegmentIndex& other) const;
};

std::string index_name(Position first);

Buffer encode_index(const SegmentIndex& index);
// Nothing when magic, checksum or anything that follows from something else in it is wrong.
std::optional<SegmentIndex> decode_index(ByteView bytes);

// Under another name first: a file with an index's name is whole. storage_full, io_failed.
Result<void> write_index(ports::Disk& disk, const SegmentIndex& index);
// Nothing when it is not there or no good.
std::optional<SegmentIndex> read_index(ports::Disk& disk, Position first);
// Of a segment that was taken away.
std::optional<SegmentIndex> read_away(ports::Disk& disk, Position first);

// Gathers the offsets of a segment's records, told one after the other.
class OffsetSampler {
 public:
  void add(std::uint64_t offset) {
    if (count_++ % kRecordsPerOffset == 0) offsets_.push_back(static_cast<std::uint32_t>(offset / kRecordAlignment));
  }
  std::uint64_t count() const { return count_; }
  std::vector<std::uint32_t> take() { return std::move(offsets_); }

 private:
  std::uint64_t count_ = 0;
  std::vector<std::uint32_t> offsets_;
};

}  // namespace hub::journal
