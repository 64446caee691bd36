// The journal in segment files on one disk: the embedded default.
//
// A record is encoded once, in the tail's memory; its group is written from there. Where a group lands is settled when
// it is taken, as only then its size is known: in the current segment when it fits, else at the start of the next.
//
// Threads: as Journal says. What the commit thread uses of this object is writer_ alone; what
// the one that prepares segments uses is writer_ and indexes_.
#pragma once

#include "hub/journal/index_writer.hpp"
#include "hub/journal/segment_writer.hpp"
#include "hub/journal/stored_records.hpp"
#include "hub/journal/tail.hpp"
#include "hub/journal/walk.hpp"

namespace hub::journal {

// What a journal goes on from.
struct StartingPoint {
  JournalId journal{};
  crypto::MerkleFrontier tree;
  std::uint64_t segment_bytes = 0, segment_end = 0;  // of the current segment, and where its records end
  std::unique_ptr<ports::File> segment;
  StoredRecords stored;
  TornTail torn_tail;
  std::vector<SegmentIndex> missing_indexes;
};

class FileJournal final : public Journal {
 public:
  FileJournal(ports::Disk& disk, const Options& options, StartingPoint start);

  const JournalId& id() const override { return id_; }
  const TornTail& torn_tail() const override { return torn_tail_; }
  Appended append(const NewRecord& record) override;
  bool room(std::size_t metadata_bytes, std::size_t body_bytes) const override;
  std::unique_ptr<Group> take_group() override;
  Result<void> write(Group& group) override;
  void finished(std::unique_ptr<Group> group) override;
  Result<bool> prepare_segment() override;
  bool wants_segment() const override { return writer_.wants_spare() || indexes_.has_work(); }
  bool low_on_space() const override;
  Position end() const override { return Position(tree_.size()); }
  Position durable_end() const override { return durable_end_; }
  Result<RecordView> read(Position position, Buffer& scratch) const override;
  std::optional<crypto::Digest> recent_head_digest(Position position) const override { return tail_.head(position); }
  const crypto::MerkleFrontier& tree() const override { return tree_; }

 private:
  class FileGroup final : public Group {
   public:
    ByteView bytes;  // in the tail
    std::uint64_t offset = 0;
    std::optional<SegmentHeader> new_segment;
    std::optional<SegmentIndex> sealed;  // the segment before the new one
  };
  SegmentIndex seal();
  void begin_group();
  std::uint64_t left_in_segment() const { return segment_bytes_ - segment_end_; }
  void want_spare() { writer_.want_spare(segment_end_ > segment_bytes_ / 2); }

  const Options options_;
  const JournalId id_;
  const TornTail torn_tail_;
  crypto::MerkleFrontier tree_;
  SegmentWriter writer_;
  IndexWriter indexes_;
  StoredRecords stored_;
  Tail tail_;
  std::uint64_t segment_bytes_, segment_end_;  // of the segment in which the last group that was taken lands
  Position durable_end_;

  // The group that is being filled.
  Position group_first_;
  crypto::MerkleFrontier tree_before_group_;
  std::vector<std::uint32_t> record_sizes_;
  std::vector<crypto::Digest> leaves_;

  std::unique_ptr<FileGroup> idle_;  // nothing while a group is on its way
};

}  // namespace hub::journal
