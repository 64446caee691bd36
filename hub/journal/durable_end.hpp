// How far the journal is durable, for readers in other processes: what lies at or beyond it they must not show, as a
// power cut may take it back. The file `durable-end` beside the segments, 24 bytes:
//
//    0  16   journal id
//   16  u64  durable end, little-endian: everything before this position is on disk
//
// Written in place by one write after each group, and never synced: a start writes it anew. Readers wait for changes of
// the file. Threads: the thread that writes groups.
#pragma once

#include <optional>

#include "hub/journal/journal.hpp"

namespace hub::journal {

inline const std::string kDurableEndName = "durable-end";

struct DurableEnd {
  JournalId journal{};
  Position end;
};

class DurableEndFile {
 public:
  // Makes the file, or opens the one that is there, and writes where the journal is.
  static Result<DurableEndFile> publish(ports::Disk& disk, const DurableEnd& start);
  Result<void> move(Position end);

 private:
  DurableEndFile(std::unique_ptr<ports::File> file, const JournalId& journal) : file_(std::move(file)), journal_(journal) {}

  std::unique_ptr<ports::File> file_;
  JournalId journal_;
};

// Nothing when there is no such file, or it has only just been made: no hub has run on this journal yet.
Result<std::optional<DurableEnd>> read_durable_end(ports::Disk& disk);

}  // namespace hub::journal
