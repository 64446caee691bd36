// Snapshots: what a state was at a position, so that a start need not read every record before it. The state is the
// broker's matter, here it is bytes. A snapshot is a projection: one that can't be read, or doesn't fit the journal, is
// passed over, and the start reads more.
//
// The file `snapshot-<position, 20 digits>.snap`, version 1:
//
//    0  8   magic "HUBSNAP1"
//    8  u32 CRC32C of the bytes from 12 to the state
//   12  u32 version of the state's bytes
//   16  16  journal id
//   32  u64 position: every record before it is in the state
//   40  i64 time of the last of these records
//   48  32  state hash: SHA-256 of the state's bytes
//   80  u64 length of the state
//   88  u32 how many subtrees the tree over these records is made of
//   92  u32 zero
//   96      subtrees, 32 bytes each, the largest first
//           the state, to the end of the file
//
// Threads: values and free functions; one writes at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hub/journal/journal.hpp"

namespace hub::journal {

constexpr std::size_t kSnapshotsKept = 2;  // so that one is left when the newest decays

struct SnapshotHead {
  JournalId journal{};
  std::uint32_t state_version = 0;
  UnixMicros time;              // of the last record that is in it
  crypto::MerkleFrontier tree;  // over the records that are in it

  Position position() const { return Position(tree.size()); }
  KnownPoint known() const { return {position(), tree.root(), journal}; }
};

struct Snapshot {
  SnapshotHead head;
  crypto::Digest state_hash{};
  std::unique_ptr<std::uint8_t[]> file;  // a gigabyte that is not filled with zeros first
  std::size_t file_bytes = 0, state_offset = 0;

  ByteView state() const { return ByteView(file.get(), file_bytes).subspan(state_offset); }
  bool state_fits() const { return crypto::sha256(state()) == state_hash; }
};

std::string snapshot_name(Position position);
// The positions of those that are there, the newest first.
Result<std::vector<Position>> snapshots_in(const ports::Disk& disk);

// Of records that are durable. Under another name first; then the ones before it are removed, but the newest of them.
// storage_full, io_failed.
Result<void> write_snapshot(ports::Disk& disk, const SnapshotHead& head, ByteView state);
// What is wrong with one that can't be read is told in words. Whether its state fits its hash is still to be asked: that
// takes a second for a gigabyte.
tl::expected<Snapshot, std::string> read_snapshot(ports::Disk& disk, Position position);
constexpr const char* kStateUnfit = "its state does not fit the hash of it";

}  // namespace hub::journal
