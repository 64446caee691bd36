// Sealed segments in another folder: copied there, taken away from here, brought back. A sealed segment never changes, so
// all of it goes on beside a running hub. What is taken away leaves its index behind (segment_index.hpp), under a name that
// tells a start that this is no loss.
//
// Threads: one at a time, beside the journal's.
#pragma once

#include <string>
#include <vector>

#include "hub/journal/segment_index.hpp"
#include "hub/journal/verify.hpp"

namespace hub::journal {

struct MovedSegment {
  std::string name;
  Position first, end;  // of its records
  std::uint64_t bytes = 0;
};

// Each sealed segment that `archive` does not have, with its index. A copy is read back and checked record by record
// before it gets its name; one that is there is not read again. journal_missing, journal_damaged (of the copy or what it
// was made of), storage_full, io_failed.
Result<std::vector<MovedSegment>> copy_segments(ports::Disk& journal, ports::Disk& archive,
                                                const VerifyProgress& progress = {});
// Removes the segments of which `archive` has a copy, read and checked anew, as long as all their records lie before that
// position and that time. As above.
Result<std::vector<MovedSegment>> take_away(ports::Disk& journal, ports::Disk& archive, Position before,
                                            UnixMicros before_time, const VerifyProgress& progress = {});
// Brings those back that have records from `from` to before `until`, checked. not_found: one is not in the archive; as
// above.
Result<std::vector<MovedSegment>> fetch_segments(ports::Disk& journal, ports::Disk& archive, Position from,
                                                 Position until, const VerifyProgress& progress = {});

}  // namespace hub::journal
