// Makes a whole journal out of a damaged one and copies of it, in a new folder; what was there stays as it is.
// README.md says what is taken, and what can't be.
//
// A repair is planned first, which writes nothing. Threads: one, and nobody writes the journal meanwhile.
#pragma once

#include <span>

#include "hub/journal/segment_format.hpp"
#include "hub/journal/verify.hpp"

namespace hub::journal {

// The damaged journal first, then its copies, best first.
using RepairSources = std::span<ports::Disk* const>;

struct RepairPlan {
  struct Piece {  // records of one file, at the place where they stand there
    std::size_t source;
    std::string file;
    std::uint64_t offset, bytes;
    Position first, end;
  };
  struct Segment {
    SegmentHeader header;
    bool header_rebuilt = false;  // from the name and the records before; the segment behind it confirms it
    bool confirmed = false;       // a segment behind it has the tree root that these records lead to
    std::vector<Piece> pieces;
  };
  struct LeftOut {  // a file that does not belong to this journal, or tells another history of it
    std::string file, reason;
  };

  VerifyReport found;  // of the damaged journal
  JournalId journal{};
  std::vector<Segment> segments;
  std::vector<LeftOut> left_out;
  Position end;           // of what is kept: everything before it is whole
  crypto::Digest root{};  // over that
  Position known_end;     // something tells that there were records up to here; `end` when nothing is given up

  bool is_needed() const { return found.problem || found.torn_tail_bytes > 0; }
  bool gives_up() const { return end < known_end; }
};

// Records that a repair gives up: one whose head can still be read, or several of which nothing can.
struct GivenUp {
  Position first, end;
  std::optional<RecordView> head;
};

// Refused: journal_missing; journal_damaged when not even the first record can be had; record_unknown when the journal
// was written by a newer program.
Result<RepairPlan> plan_repair(RepairSources sources);
// In order. What can't be read of a position says nothing of whether it was ever durable.
Result<void> for_each_given_up(RepairSources sources, const RepairPlan& plan,
                               const std::function<void(const GivenUp&)>& visit);
// Into an empty folder, and verified there. storage_full, io_failed: `out` is not to be used.
Result<void> write_repaired(RepairSources sources, const RepairPlan& plan, ports::Disk& out);

}  // namespace hub::journal
