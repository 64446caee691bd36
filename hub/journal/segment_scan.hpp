// One segment read by itself, without what stands before it: what can still be read where a walk (walk.hpp) stops.
//
// Threads: one at a time.
#pragma once

#include <optional>

#include "hub/journal/record_codec.hpp"
#include "hub/journal/segment_format.hpp"
#include "hub/journal/segment_reader.hpp"

namespace hub::journal {

// What stands at `at` in a segment; `empty` at the end of the file too. The head counts as broken when its index in its
// group can't be.
Result<DecodedRecord> decode_at(SegmentReader& reader, std::uint64_t at);
// The first multiple of 8 from `from` where eight bytes are not all zero; the file's size when there is none.
Result<std::uint64_t> first_not_zero(SegmentReader& reader, std::uint64_t from);
// The header as it stands there, whether it fits the file or not; nothing when it is broken or cut.
Result<std::optional<SegmentHeader>> read_header(SegmentReader& reader);

// Whether the body is the one that the digest was made of; of an erased one, or one under a key of its own, that is for
// others to say.
bool body_fits(const RecordView& record);

// Walks from good head to good head, also over what is broken between them. A head counts only where as many records
// as its position tells could stand before it: bytes of a document that imitate a record rarely do.
class SegmentScan {
 public:
  struct Found {
    RecordView view;  // good until the next call
    std::uint64_t offset = 0, bytes = 0;
    bool whole = false;  // its body too
  };

  static Result<SegmentScan> open(ports::Disk& disk, const std::string& name);
  const std::optional<SegmentHeader>& header() const { return header_; }
  std::uint64_t size() const { return reader_.size(); }
  Result<std::optional<Found>> next();

 private:
  SegmentScan(SegmentReader reader, std::optional<SegmentHeader> header, Position first)
      : reader_(std::move(reader)), header_(std::move(header)), next_(first) {}

  SegmentReader reader_;
  std::optional<SegmentHeader> header_;
  Position next_;                               // that the record behind the last one would have
  std::uint64_t behind_ = kSegmentHeaderBytes;  // the last one
};

}  // namespace hub::journal
