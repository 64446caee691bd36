// From journal and snapshots to a state, and from there to the next snapshot. Without threads of its own; the
// simulation runs this very code.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "hub/broker/state.hpp"
#include "hub/journal/snapshot_file.hpp"

namespace hub::runtime {

struct Restored {
  broker::State state;
  std::unique_ptr<journal::Journal> journal;
  Position snapshot;                 // the records from here on were replayed; 0: all
  std::vector<std::string> ignored;  // snapshots that were passed over: which, and why
};

// Opens the journal and makes the state: from the newest snapshot that is good and fits, and the records since.
// What Journal::open refuses. `hash_seed` keys the state's hash table.
Result<Restored> restore(ports::Disk& disk, const journal::Options& options, std::uint64_t hash_seed);

// Of a state that is at rest: the journal is durable to its end.
Result<void> write_snapshot(ports::Disk& disk, const journal::Journal& journal, const broker::State& state);

// The next snapshot, at `until`, which is durable, beside a hub that goes on: from the one at `base` (0: none; or it
// can't be read any more) and the records since, read from the files. Costs the memory of another state for so long.
// False: `stopping` was set meanwhile, and nothing was written.
Result<bool> advance_snapshot(ports::Disk& disk, Position base, Position until, const std::atomic<bool>& stopping);

// No record before `first` is needed by a start, and no document before it waits for a recipient, as the snapshots tell;
// `time` is that of the newest one. Zeros without a good one.
struct Needed {
  Position first;
  UnixMicros time;
};
Result<Needed> needed_records(ports::Disk& disk);

}  // namespace hub::runtime
