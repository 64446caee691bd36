// Checks a journal that nobody is writing, and changes nothing: every checksum, every body against its digest, every
// segment against the tree, and what was made of them, indexes and snapshots, against them. What it finds is a report, not an error.
//
// Threads: one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hub/journal/journal.hpp"

namespace hub::journal {

struct VerifyProblem {
  std::string file;
  std::uint64_t offset = 0;  // bytes
  std::string reason;
};

struct WrongProjection {
  std::string file, reason;
};

struct VerifyReport {
  JournalId journal{};
  std::uint64_t segments = 0;
  std::uint64_t away = 0;  // of them: taken away to an archive, and not read
  std::uint64_t records = 0, bodies = 0, erased_bodies = 0;  // as far as it came
  std::uint64_t locked_bodies = 0;  // encrypted, and there is no key to check them with: it is destroyed, or not here
  std::optional<UnixMicros> first_time, last_time;
  crypto::Digest root{};              // over these records
  std::uint64_t torn_tail_bytes = 0;  // of a group that never became durable; the next start cuts them
  std::optional<VerifyProblem> problem;

  // Of sealed segments; one that is missing is made by the next start.
  std::uint64_t indexes = 0, missing_indexes = 0;
  std::uint64_t snapshots = 0;
  // Indexes and snapshots that are no good, or don't fit these records. Records are none the worse for it, but a snapshot
  // of more records than there are tells of a loss.
  std::vector<WrongProjection> wrong;
};

// How much is done, from 0 to 1; told now and then.
using VerifyProgress = std::function<void(double done)>;

// The body of a record as it was sent, perhaps in `scratch`: storage_key_missing, or journal_damaged when it can't be
// what was sealed.
using OpenBody = std::function<Result<ByteView>(const RecordView& record, Buffer& scratch)>;

// Without `open`, no encrypted body is checked against its digest. journal_missing, io_failed: nothing could be checked.
Result<VerifyReport> verify(ports::Disk& disk, const VerifyProgress& progress = {}, const OpenBody& open = {});

}  // namespace hub::journal
