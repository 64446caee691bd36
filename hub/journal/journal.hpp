// The one truth: an append-only, ordered, checksummed log of records in prefilled segment files, with group commit.
//
// Threads: one owner thread calls everything except Journal::write and Journal::prepare_segment. `write` runs on the
// commit thread, at most one group at a time, while the owner fills the next group; `prepare_segment` runs on any one
// other thread. Neither touches what the owner touches: a Group is handed over and handed back.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/crypto/merkle.hpp"
#include "hub/journal/record_format.hpp"
#include "hub/ports/disk.hpp"

namespace hub::journal {

// Sizes are multiples of 8; a segment holds its header (4096) and a group at least.
struct Options {
  std::uint64_t segment_bytes = 128 << 20;   // of a segment file
  std::uint64_t group_bytes_max = 8 << 20;   // of one group; a record that needs more is a programmer's error
  std::uint64_t tail_bytes = 32 << 20;       // of the log's end that is kept in memory; rounded up to 3 groups
  std::uint64_t reserve_bytes = 16 << 20;    // of a segment, for what is under way on a full disk; at most a quarter
};

using JournalId = Bytes<16>;

// What a start found behind the last whole record and took away: of a group that was under way when the hub stopped.
struct TornTail {
  std::string file;
  std::uint64_t offset = 0, bytes = 0;  // no bytes: nothing
};

// What is known of a journal already: the state of all records before `end` is in a snapshot, and the tree over them has
// this root. Without members: nothing.
struct KnownPoint {
  Position end;
  crypto::Digest root = crypto::empty_root();
  JournalId journal{};  // not looked at when `end` is 0
};

struct Appended {
  Position position;
  crypto::Digest leaf;
};

// A group on its way to the disk; moved to the commit thread and back. What it holds is the journal's affair.
class Group {
 public:
  virtual ~Group() = default;
  Position end;  // of the journal, once this group is durable
  std::uint64_t records = 0, size_bytes = 0;
  std::vector<crypto::Digest> leaves;  // of these records, in order
  std::int64_t sync_nanos = 0;  // how long its sync took, once it is written
};

class Journal {
 public:
  // A new journal: its first segment, and nothing in it. Refused (journal_exists) where there are segments.
  static Result<std::unique_ptr<Journal>> create(ports::Disk& disk, const JournalId& id, const Options& options);

  // Opens what is there and hands every record from `known.end` on, in order, to `replay`. A torn last group is cut at
  // its first missing record; damage before it ends with journal_damaged (file, offset, reason), and nothing is changed.
  // Segments before `known.end` are not read where their indexes vouch for them. journal_behind: the journal ends before
  // that point; journal_mismatch: it is another one, or has another root there. Nothing was replayed or changed then.
  static Result<std::unique_ptr<Journal>> open(ports::Disk& disk, const Options& options,
                                               const std::function<Result<void>(const RecordView&)>& replay,
                                               const KnownPoint& known = {});
  virtual ~Journal() = default;

  virtual const JournalId& id() const = 0;

  // Puts a record into the group that is being filled. There must be room().
  virtual Appended append(const NewRecord& record) = 0;
  // Whether a record with so many bytes of metadata and body fits the group that is being filled. On a full disk it is
  // also false, even of an empty group, for what would need a segment that could not be made.
  virtual bool room(std::size_t metadata_bytes, std::size_t body_bytes) const = 0;

  // The filled group, when there is one and none is on its way.
  virtual std::unique_ptr<Group> take_group() = 0;
  // Writes the group and syncs it with one fdatasync. On the commit thread. A failure is final.
  virtual Result<void> write(Group& group) = 0;
  // The group is durable: durable_end() moves past it.
  virtual void finished(std::unique_ptr<Group> group) = 0;

  // Makes the next segment file when it is not there yet and the current one is more than half full (so that no commit
  // waits for prefilling). True when it made one; storage_full when there was no space, which may be tried again.
  // Then it writes the indexes of segments that were sealed. On one other thread.
  virtual Result<bool> prepare_segment() = 0;
  virtual bool wants_segment() const = 0;
  // The next segment could not be made for want of space, and less than the reserve is left of the current one: new
  // documents are to be refused, so that deliveries and receipts still find room.
  virtual bool low_on_space() const = 0;

  virtual Position end() const = 0;          // the position that the next record gets
  virtual Position durable_end() const = 0;  // everything before it is on disk

  // A durable or appended record, from memory when it is near the end, else from its file into `scratch`.
  // The view is good until the next append or the next read with that scratch. record_unknown beyond the end.
  virtual Result<RecordView> read(Position position, Buffer& scratch) const = 0;
  // The leaf's head digest of a record near the end, without hashing again; nothing when it is not in memory.
  virtual std::optional<crypto::Digest> recent_head_digest(Position position) const = 0;

  virtual const crypto::MerkleFrontier& tree() const = 0;  // over all appended records
  virtual const TornTail& torn_tail() const = 0;  // of the start
};

}  // namespace hub::journal
