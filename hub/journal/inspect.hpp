// What a person looks at first: which segments there are and what they hold, also behind damage; and one record with
// each of its checks. Nothing is changed.
//
// Threads: one.
#pragma once

#include <array>

#include "hub/journal/durable_end.hpp"
#include "hub/journal/segment_format.hpp"
#include "hub/journal/verify.hpp"

namespace hub::journal {

struct InspectedSegment {
  std::string name;
  std::uint64_t bytes = 0;               // of the file
  std::optional<SegmentHeader> header;   // nothing: broken
  std::uint64_t records = 0, whole = 0;  // with a good head; with a good body too
  std::optional<Position> first, last;   // of them
  std::optional<UnixMicros> first_time, last_time;
  std::uint64_t used_bytes = 0;  // behind the last of them
};

struct Inspection {
  VerifyReport verified;
  std::vector<InspectedSegment> segments;
  std::array<std::uint64_t, 256> kinds{};  // records of each
  std::optional<DurableEnd> durable_end;
  std::optional<std::uint64_t> spare_bytes;
  std::vector<std::string> unfinished;  // files whose making was cut short; they hold nothing
};

// journal_missing, io_failed.
Result<Inspection> inspect(ports::Disk& disk, const VerifyProgress& progress = {});

struct RecordCheck {
  std::string_view what;
  bool good = false;
  std::string found;
};

struct ExaminedRecord {
  std::string file;
  std::uint64_t offset = 0, bytes = 0;
  std::vector<RecordCheck> checks;  // in order; after a head that is broken nothing else can be checked
  std::optional<RecordView> view;   // of a good head, into `stored`
  Buffer stored;
};

// The place of the record with that position, which may lie behind damage. record_unknown.
struct RecordPlace {
  std::string name;
  std::uint64_t offset = 0;
};
Result<RecordPlace> find_record(ports::Disk& disk, Position position);
// What stands at a place, a record or not. io_failed when the file has no such place.
Result<ExaminedRecord> examine_record(ports::Disk& disk, const RecordPlace& place);

}  // namespace hub::journal
