#include "hub/journal/snapshot_file.hpp"

#include <algorithm>
#include <bit>

#include "hub/journal/file_names.hpp"
#include "hub/journal/whole_file.hpp"

namespace hub::journal {
namespace {

constexpr char kSnapshotMagic[] = "HUBSNAP1";
constexpr std::size_t kSnapshotHeaderBytes = 96;
struct SnapshotField {  // where it begins in the file
  static constexpr std::size_t kCrc = 8, kCovered = 12, kVersion = 12, kJournal = 16, kPosition = 32, kTime = 40,
                               kHash = 48, kLength = 80, kSubtrees = 88;
};
const std::string kUnfinishedSnapshot = "snapshot.new";

Buffer encode_head(const SnapshotHead& head, ByteView state) {
  const auto& subtrees = head.tree.subtrees();
  Buffer out(kSnapshotHeaderBytes);
  std::memcpy(out.data(), kSnapshotMagic, 8);
  store_le(out.data() + SnapshotField::kVersion, head.state_version);
  std::memcpy(out.data() + SnapshotField::kJournal, head.journal.data(), head.journal.size());
  store_le(out.data() + SnapshotField::kPosition, head.position().value);
  store_le(out.data() + SnapshotField::kTime, head.time.value);
  const crypto::Digest hash = crypto::sha256(state);
  std::memcpy(out.data() + SnapshotField::kHash, hash.data(), hash.size());
  store_le<std::uint64_t>(out.data() + SnapshotField::kLength, state.size());
  store_le(out.data() + SnapshotField::kSubtrees, static_cast<std::uint32_t>(subtrees.size()));
  for (const crypto::Digest& subtree : subtrees) append(out, subtree);
  store_le(out.data() + SnapshotField::kCrc, crypto::crc32c(ByteView(out).subspan(SnapshotField::kCovered)));
  return out;
}

// What is wrong with the file; nothing: it is good, and `out` holds all but the file itself.
std::string decode_snapshot(ByteView bytes, Snapshot& out) {
  if (bytes.size() < kSnapshotHeaderBytes || std::memcmp(bytes.data(), kSnapshotMagic, 8) != 0)
    return "it is no snapshot of version 1";
  const std::uint64_t subtrees = load_le<std::uint32_t>(bytes.data() + SnapshotField::kSubtrees);
  out.state_offset = kSnapshotHeaderBytes + subtrees * crypto::kDigestBytes;
  if (out.state_offset > bytes.size()) return "it is cut short";
  const ByteView head = bytes.first(out.state_offset), state = bytes.subspan(out.state_offset);
  if (crypto::crc32c(head.subspan(SnapshotField::kCovered)) !=
      load_le<std::uint32_t>(head.data() + SnapshotField::kCrc))
    return "the checksum of its head is wrong";
  if (load_le<std::uint64_t>(head.data() + SnapshotField::kLength) != state.size())
    return "it has another length than its head says";
  out.head.state_version = load_le<std::uint32_t>(head.data() + SnapshotField::kVersion);
  out.head.journal = *fixed<16>(head.subspan(SnapshotField::kJournal, 16));
  out.head.time = UnixMicros(load_le<std::int64_t>(head.data() + SnapshotField::kTime));
  std::vector<crypto::Digest> digests;
  for (std::size_t at = kSnapshotHeaderBytes; at < head.size(); at += crypto::kDigestBytes)
    digests.push_back(*fixed<crypto::kDigestBytes>(head.subspan(at, crypto::kDigestBytes)));
  const auto position = load_le<std::uint64_t>(head.data() + SnapshotField::kPosition);
  if (digests.size() != static_cast<std::size_t>(std::popcount(position))) return "its tree does not fit its position";
  out.head.tree = crypto::MerkleFrontier::resume(position, std::move(digests));
  out.state_hash = *fixed<crypto::kDigestBytes>(head.subspan(SnapshotField::kHash, crypto::kDigestBytes));
  return {};
}

// All before `position` but the newest of them. Those that lie ahead are left alone: they may tell of a loss.
Result<void> remove_old(ports::Disk& disk, Position position) {
  const auto there = snapshots_in(disk);
  if (!there) return tl::make_unexpected(there.error());
  std::size_t kept = 1;
  for (const Position one : *there) {
    if (one >= position || ++kept <= kSnapshotsKept) continue;
    if (auto removed = disk.remove(snapshot_name(one)); !removed) return removed;
  }
  return {};
}

}  // namespace

std::string snapshot_name(Position position) { return kSnapshotNames.of(position); }

Result<std::vector<Position>> snapshots_in(const ports::Disk& disk) {
  const auto names = disk.list();
  if (!names) return tl::make_unexpected(names.error());
  std::vector<Position> out;
  for (const std::string& name : *names)
    if (const auto position = kSnapshotNames.position_in(name)) out.push_back(*position);
  std::reverse(out.begin(), out.end());
  return out;
}

Result<void> write_snapshot(ports::Disk& disk, const SnapshotHead& head, ByteView state) {
  const Buffer encoded = encode_head(head, state);
  if (auto written = write_whole(disk, kUnfinishedSnapshot, snapshot_name(head.position()), {encoded, state}); !written)
    return written;
  return remove_old(disk, head.position());
}

tl::expected<Snapshot, std::string> read_snapshot(ports::Disk& disk, Position position) {
  const auto unread = tl::unexpected(std::string("it can't be read"));
  const auto file = disk.open(snapshot_name(position), false);
  if (!file) return unread;
  const auto size = (*file)->size();
  if (!size) return unread;
  Snapshot out;
  out.file_bytes = *size;
  out.file = std::make_unique_for_overwrite<std::uint8_t[]>(*size);
  const auto got = (*file)->read_at(0, {out.file.get(), out.file_bytes});
  if (!got || *got != out.file_bytes) return unread;
  if (std::string wrong = decode_snapshot({out.file.get(), out.file_bytes}, out); !wrong.empty())
    return tl::unexpected(std::move(wrong));
  if (out.head.position() != position) return tl::unexpected(std::string("its name tells another position"));
  return out;
}

}  // namespace hub::journal
