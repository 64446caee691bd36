#include "hub/journal/segment_index.hpp"

#include <bit>

#include "hub/journal/file_names.hpp"
#include "hub/journal/segment_format.hpp"
#include "hub/journal/whole_file.hpp"

namespace hub::journal {
namespace {

constexpr char kIndexMagic[] = "HUBJIDX1";
constexpr std::size_t kIndexHeaderBytes = 104;
struct IndexField {  // where it begins in the file
  static constexpr std::size_t kCrc = 8, kCovered = 12, kPerOffset = 12, kJournal = 16, kFirst = 32, kCount = 40,
                               kSegmentBytes = 48, kRecordsEnd = 56, kRoot = 64, kSubtrees = 96, kOffsets = 100;
};
const std::string kUnfinishedIndex = "index.new";

std::uint64_t offsets_of(std::uint64_t records) { return (records + kRecordsPerOffset - 1) / kRecordsPerOffset; }

// Whether the records could stand where the index says.
bool is_possible(const SegmentIndex& index) {
  if (index.count == 0 || index.tree.size() < index.first.value ||
      index.tree.size() - index.first.value != index.count || index.offsets.size() != offsets_of(index.count))
    return false;
  if (index.records_end > index.segment_bytes || index.segment_bytes > kSegmentBytesMax) return false;
  std::uint64_t before = kSegmentHeaderBytes / kRecordAlignment;
  if (index.offsets.front() != before) return false;
  for (const std::uint32_t offset : index.offsets) {
    if (offset < before) return false;
    before = offset + kRecordHeaderBytes / kRecordAlignment;
  }
  return before * kRecordAlignment <= index.records_end;
}

}  // namespace

bool SegmentIndex::operator==(const SegmentIndex& other) const {
  return journal == other.journal && first == other.first && count == other.count &&
         segment_bytes == other.segment_bytes && records_end == other.records_end &&
         tree.subtrees() == other.tree.subtrees() && offsets == other.offsets;
}

std::string index_name(Position first) { return kIndexNames.of(first); }

Buffer encode_index(const SegmentIndex& index) {
  const auto& subtrees = index.tree.subtrees();
  Buffer out(kIndexHeaderBytes);
  std::memcpy(out.data(), kIndexMagic, 8);
  store_le(out.data() + IndexField::kPerOffset, kRecordsPerOffset);
  std::memcpy(out.data() + IndexField::kJournal, index.journal.data(), index.journal.size());
  store_le(out.data() + IndexField::kFirst, index.first.value);
  store_le(out.data() + IndexField::kCount, index.count);
  store_le(out.data() + IndexField::kSegmentBytes, index.segment_bytes);
  store_le(out.data() + IndexField::kRecordsEnd, index.records_end);
  const crypto::Digest root = index.tree.root();
  std::memcpy(out.data() + IndexField::kRoot, root.data(), root.size());
  store_le(out.data() + IndexField::kSubtrees, static_cast<std::uint32_t>(subtrees.size()));
  store_le(out.data() + IndexField::kOffsets, static_cast<std::uint32_t>(index.offsets.size()));
  for (const crypto::Digest& subtree : subtrees) append(out, subtree);
  for (const std::uint32_t offset : index.offsets) append_le(out, offset);
  store_le(out.data() + IndexField::kCrc, crypto::crc32c(ByteView(out).subspan(IndexField::kCovered)));
  return out;
}

std::optional<SegmentIndex> decode_index(ByteView bytes) {
  if (bytes.size() < kIndexHeaderBytes || std::memcmp(bytes.data(), kIndexMagic, 8) != 0) return std::nullopt;
  if (crypto::crc32c(bytes.subspan(IndexField::kCovered)) != load_le<std::uint32_t>(bytes.data() + IndexField::kCrc))
    return std::nullopt;
  if (load_le<std::uint32_t>(bytes.data() + IndexField::kPerOffset) != kRecordsPerOffset) return std::nullopt;
  SegmentIndex index;
  index.journal = *fixed<16>(bytes.subspan(IndexField::kJournal, 16));
  index.first = Position(load_le<std::uint64_t>(bytes.data() + IndexField::kFirst));
  index.count = load_le<std::uint64_t>(bytes.data() + IndexField::kCount);
  index.segment_bytes = load_le<std::uint64_t>(bytes.data() + IndexField::kSegmentBytes);
  index.records_end = load_le<std::uint64_t>(bytes.data() + IndexField::kRecordsEnd);
  const std::uint64_t subtrees = load_le<std::uint32_t>(bytes.data() + IndexField::kSubtrees),
                      offsets = load_le<std::uint32_t>(bytes.data() + IndexField::kOffsets);
  if (bytes.size() != kIndexHeaderBytes + subtrees * crypto::kDigestBytes + offsets * sizeof(std::uint32_t))
    return std::nullopt;
  std::vector<crypto::Digest> digests;
  for (std::size_t at = kIndexHeaderBytes; digests.size() < subtrees; at += crypto::kDigestBytes)
    digests.push_back(*fixed<crypto::kDigestBytes>(bytes.subspan(at, crypto::kDigestBytes)));
  const std::uint64_t end = index.first.value + index.count;
  if (digests.size() != static_cast<std::size_t>(std::popcount(end))) return std::nullopt;
  index.tree = crypto::MerkleFrontier::resume(end, std::move(digests));
  if (!equal(index.tree.root(), bytes.subspan(IndexField::kRoot, crypto::kDigestBytes))) return std::nullopt;
  for (std::size_t at = kIndexHeaderBytes + subtrees * crypto::kDigestBytes; at < bytes.size();
       at += sizeof(std::uint32_t))
    index.offsets.push_back(load_le<std::uint32_t>(bytes.data() + at));
  return is_possible(index) ? std::optional(std::move(index)) : std::nullopt;
}

Result<void> write_index(ports::Disk& disk, const SegmentIndex& index) {
  return write_whole(disk, kUnfinishedIndex, index_name(index.first), {encode_index(index)});
}

std::optional<SegmentIndex> read_index(ports::Disk& disk, Position first) {
  const auto bytes = read_whole(disk, index_name(first));
  return bytes ? decode_index(*bytes) : std::nullopt;
}

std::optional<SegmentIndex> read_away(ports::Disk& disk, Position first) {
  const auto bytes = read_whole(disk, kAwayNames.of(first));
  return bytes ? decode_index(*bytes) : std::nullopt;
}

}  // namespace hub::journal
