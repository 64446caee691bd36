// The header of a segment file, its name, and the words for damage in it. The layout stands in README.md.
#pragma once

#include <optional>
#include <string>

#include "hub/journal/journal.hpp"

namespace hub::journal {

constexpr std::uint64_t kSegmentHeaderBytes = 4096;
constexpr std::uint64_t kSegmentBytesMax = std::uint64_t{32} << 30;  // offsets are kept as 32 bits, in units of 8
constexpr std::uint64_t kCopyBytes = 1 << 20;  // that are read and written at once when records are copied
// The next segment while it waits, prefilled, for its first group. Never counted as a segment.
inline const std::string kSpareName = "spare.seg";

struct SegmentHeader {
  JournalId journal{};
  Position first;  // of its records
  std::uint64_t segment_bytes = 0;
  crypto::Digest root{};  // of the tree over every record before this segment
};

Bytes<kSegmentHeaderBytes> encode_header(const SegmentHeader& header);
// Nothing when magic, checksum or the zeros that fill it are wrong.
std::optional<SegmentHeader> decode_header(ByteView bytes);

std::string segment_name(Position first);
// The first position that a segment's name tells; nothing for other files.
std::optional<Position> position_in_name(const std::string& name);

// journal_damaged with the file, the offset in it, the reason, and what to do.
// A segment that is needed was taken away to an archive.
tl::unexpected<Error> archived(const ports::Disk& disk, const std::string& name);
tl::unexpected<Error> damaged(const ports::Disk& disk, const std::string& name, std::uint64_t offset,
                              std::string_view reason);

}  // namespace hub::journal
