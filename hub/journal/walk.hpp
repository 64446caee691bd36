// Reads a whole journal from its files, in order, and changes nothing: the one reading behind a start, verification
// and dumps. README.md gives the rules by which damage is told from a torn tail.
//
// Threads: one, and nobody writes meanwhile.
#pragma once

#include <functional>
#include <vector>

#include "hub/crypto/merkle.hpp"
#include "hub/journal/journal.hpp"
#include "hub/journal/segment_index.hpp"

namespace hub::journal {

// Where a record stands, and the head digest that its leaf was made of.
struct Place {
  std::size_t segment;  // index in Walked::segments
  std::uint64_t offset, bytes;
  crypto::Digest head;
};

struct FoundSegment {
  std::string name;
  Position first;
  std::uint64_t bytes;  // of the file
  bool away = false;    // in an archive (archive.hpp); its index is here
  std::uint64_t records = 0, records_end = 0;  // of the segments that were gone through
};

// What was found of the indexes of sealed segments.
struct FoundIndexes {
  std::uint64_t good = 0;
  std::vector<SegmentIndex> missing;     // as they must be
  std::vector<std::string> wrong;        // names of those that are there and are no good; they are among the missing
};

struct Walked {
  JournalId journal{};
  std::vector<FoundSegment> segments;  // at least one
  Position end;
  std::uint64_t tail = 0;     // in the last segment: behind its last record
  std::uint64_t torn_to = 0;  // behind the last byte of a torn group that is not zero; `tail` when nothing is torn
  crypto::MerkleFrontier tree;
  FoundIndexes indexes;
};

using RecordVisitor = std::function<Result<void>(const RecordView&, const Place&)>;

// journal_missing without segments; journal_damaged (file, offset, reason, action); what the visitor returns.
// With `partial`, how far it came stays there also when it fails.
// From a known point on, segments before it are passed over where their indexes vouch for them, and the visitor gets
// the records of the others; journal_behind and journal_mismatch as with Journal::open, the latter before the visitor
// got a record from there on.
// segment_archived: records of a segment that was taken away are needed; they are not with Away::passed_over.
enum class Away { needed, passed_over };
Result<Walked> for_each_record(ports::Disk& disk, const RecordVisitor& visit, Walked* partial = nullptr,
                               const KnownPoint& known = {}, Away away = Away::needed);

}  // namespace hub::journal
