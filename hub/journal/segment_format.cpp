#include "hub/journal/segment_format.hpp"

#include <algorithm>

#include "hub/journal/file_names.hpp"

namespace hub::journal {
namespace {

constexpr char kSegmentMagic[] = "HUBJRNL1";
struct SegmentField {  // where it begins in the header
  static constexpr std::size_t kCrc = 8, kCovered = 12, kJournal = 16, kFirst = 32, kSegmentBytes = 40, kRoot = 48,
                               kUsed = 80;
};

}  // namespace

Bytes<kSegmentHeaderBytes> encode_header(const SegmentHeader& header) {
  Bytes<kSegmentHeaderBytes> out{};
  std::memcpy(out.data(), kSegmentMagic, 8);
  std::memcpy(out.data() + SegmentField::kJournal, header.journal.data(), header.journal.size());
  store_le(out.data() + SegmentField::kFirst, header.first.value);
  store_le(out.data() + SegmentField::kSegmentBytes, header.segment_bytes);
  std::memcpy(out.data() + SegmentField::kRoot, header.root.data(), header.root.size());
  store_le(out.data() + SegmentField::kCrc, crypto::crc32c(ByteView(out).subspan(SegmentField::kCovered)));
  return out;
}

std::optional<SegmentHeader> decode_header(ByteView bytes) {
  if (bytes.size() != kSegmentHeaderBytes || std::memcmp(bytes.data(), kSegmentMagic, 8) != 0) return std::nullopt;
  if (crypto::crc32c(bytes.subspan(SegmentField::kCovered)) !=
      load_le<std::uint32_t>(bytes.data() + SegmentField::kCrc))
    return std::nullopt;
  const auto rest = bytes.subspan(SegmentField::kUsed);
  if (std::any_of(rest.begin(), rest.end(), [](std::uint8_t b) { return b != 0; })) return std::nullopt;
  SegmentHeader header;
  header.journal = *fixed<16>(bytes.subspan(SegmentField::kJournal, 16));
  header.first = Position(load_le<std::uint64_t>(bytes.data() + SegmentField::kFirst));
  header.segment_bytes = load_le<std::uint64_t>(bytes.data() + SegmentField::kSegmentBytes);
  header.root = *fixed<32>(bytes.subspan(SegmentField::kRoot, 32));
  return header;
}

std::string segment_name(Position first) { return kSegmentNames.of(first); }

std::optional<Position> position_in_name(const std::string& name) { return kSegmentNames.position_in(name); }

tl::unexpected<Error> archived(const ports::Disk& disk, const std::string& name) {
  return fail(ErrorCode::segment_archived, {{"file", disk.describe(name)}});
}

tl::unexpected<Error> damaged(const ports::Disk& disk, const std::string& name, std::uint64_t offset,
                              std::string_view reason) {
  return fail(ErrorCode::journal_damaged,
              {{"file", disk.describe(name)},
               {"offset", std::to_string(offset)},
               {"reason", std::string(reason)},
               {"action",
                "Keep the files as they are. `hubctl journal verify` checks all of them, `hubctl journal inspect` "
                "shows what stands where, and `hubctl journal repair` makes a repaired journal in a new folder, with "
                "--from from a copy where there is one."}});
}

}  // namespace hub::journal
