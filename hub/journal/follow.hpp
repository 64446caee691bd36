// Reads a journal that another process writes: record by record from a position on, up to a durable end that the caller
// knows (durable_end.hpp), through sealed segments and the current one. Every record is checked; nothing is changed.
//
// Threads: one.
#pragma once

#include <memory>
#include <optional>

#include "hub/journal/record_codec.hpp"
#include "hub/journal/segment_format.hpp"

namespace hub::journal {

class Follower {
 public:
  // Stands before the record at `from`, which is durable or the next to become so. Of the journal before it only the
  // segment in which it lies is read. journal_missing, journal_damaged.
  static Result<Follower> open(ports::Disk& disk, Position from);

  const JournalId& journal() const { return journal_; }
  Position position() const { return position_; }  // of the next record

  // The next record; nothing when it does not lie before `durable_end`. The view is good until the next call. A durable
  // record that is not where it belongs is journal_damaged (file, offset, reason).
  Result<std::optional<RecordView>> next(Position durable_end);

 private:
  explicit Follower(ports::Disk& disk) : disk_(disk) {}
  Result<void> open_segment(Position first);
  void jump(Position to);
  Result<bool> go_to_next_segment();
  Result<DecodedRecord> decode(bool fresh);
  Result<ByteView> bytes(std::uint64_t offset, std::uint64_t count);

  ports::Disk& disk_;
  JournalId journal_{};
  Position position_;

  std::string name_;  // of the segment
  Position first_;
  std::unique_ptr<ports::File> file_;
  std::uint64_t segment_bytes_ = 0;
  std::uint64_t offset_ = 0;  // of the next record

  Buffer window_;  // bytes of the file from window_start_ on, perhaps from before the next record was written
  std::uint64_t window_start_ = 0;
};

}  // namespace hub::journal
