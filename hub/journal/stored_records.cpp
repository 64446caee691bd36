#include "hub/journal/stored_records.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/journal/record_codec.hpp"
#include "hub/journal/segment_format.hpp"

namespace hub::journal {
namespace {

std::uint32_t in_units(std::uint64_t offset) {
  HUB_CHECK(offset % kRecordAlignment == 0 && offset <= kSegmentBytesMax);
  return static_cast<std::uint32_t>(offset / kRecordAlignment);
}

}  // namespace

void StoredRecords::add_segment(Position first) { segments_.push_back({first, {}, 0, nullptr}); }

void StoredRecords::add_record(std::uint64_t offset, std::uint64_t bytes) {
  Segment& last = segments_.back();
  last.offsets.push_back(in_units(offset));
  last.end = in_units(offset + bytes);
}

Result<RecordView> StoredRecords::read(Position position, Buffer& scratch) const {
  const Segment* segment = segment_of(position);
  if (segment == nullptr) return fail(ErrorCode::record_unknown, {{"position", std::to_string(position.value)}});
  const std::string name = segment_name(segment->first);
  if (!segment->file) {
    auto opened = disk_.open(name, false);
    if (!opened) return tl::make_unexpected(opened.error());
    segment->file = std::move(*opened);
  }
  const std::size_t index = position.value - segment->first.value;
  const std::uint64_t start = std::uint64_t{segment->offsets[index]} * kRecordAlignment;
  const std::uint64_t end =
      std::uint64_t{index + 1 < segment->offsets.size() ? segment->offsets[index + 1] : segment->end} *
      kRecordAlignment;
  scratch.resize(end - start);
  const auto got = segment->file->read_at(start, scratch);
  if (!got) return tl::make_unexpected(got.error());
  if (*got != scratch.size()) return damaged(disk_, name, start, text(RecordState::cut));
  const DecodedRecord record = decode_record(scratch);
  if (record.state != RecordState::whole) return damaged(disk_, name, start, text(record.state));
  if (record.view.position != position) return damaged(disk_, name, start, "another record stands here");
  return record.view;
}

const StoredRecords::Segment* StoredRecords::segment_of(Position position) const {
  const auto after = std::upper_bound(segments_.begin(), segments_.end(), position,
                                      [](Position p, const Segment& segment) { return p < segment.first; });
  if (after == segments_.begin()) return nullptr;
  const Segment& segment = *std::prev(after);
  return position.value - segment.first.value < segment.offsets.size() ? &segment : nullptr;
}

}  // namespace hub::journal
