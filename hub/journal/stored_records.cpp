#include "hub/journal/stored_records.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/journal/record_codec.hpp"
#include "hub/journal/segment_format.hpp"

namespace hub::journal {
namespace {

// A few small records, so that a walk between two offsets reads little.
constexpr std::uint64_t kRecordWindowBytes = 4 << 10;

tl::unexpected<Error> not_stored(Position position) {
  return fail(ErrorCode::record_unknown, {{"position", std::to_string(position.value)}});
}

}  // namespace

void StoredRecords::add_segment(Position first) {
  first_ = first;
  offsets_.clear();
  end_ = kSegmentHeaderBytes;
  file_.reset();
}

void StoredRecords::add_record(std::uint64_t offset, std::uint64_t bytes) {
  HUB_CHECK(offset % kRecordAlignment == 0 && offset <= kSegmentBytesMax);
  offsets_.push_back(static_cast<std::uint32_t>(offset / kRecordAlignment));
  end_ = offset + bytes;
}

std::vector<std::uint32_t> StoredRecords::seal() {
  HUB_CHECK(!offsets_.empty());
  OffsetSampler sampler;
  for (const std::uint32_t offset : offsets_) sampler.add(std::uint64_t{offset} * kRecordAlignment);
  std::vector<std::uint32_t> sampled = sampler.take();
  sealed_.push_back({first_, offsets_.size(), end_});
  // Its index is not on disk yet, and it is what slow recipients ask for next.
  open_.push_front({first_, sampled, std::move(file_)});
  if (open_.size() > kOpenSealedMax) open_.pop_back();
  return sampled;
}

Result<RecordView> StoredRecords::read(Position position, Buffer& scratch) const {
  if (const Sealed* segment = sealed_segment_of(position)) return read_sealed(*segment, position, scratch);
  if (position < first_ || position.value - first_.value >= offsets_.size()) return not_stored(position);
  return read_current(position, scratch);
}

const StoredRecords::Sealed* StoredRecords::sealed_segment_of(Position position) const {
  const auto after = std::upper_bound(sealed_.begin(), sealed_.end(), position,
                                      [](Position p, const Sealed& segment) { return p < segment.first; });
  if (after == sealed_.begin()) return nullptr;
  const Sealed& segment = *std::prev(after);
  return position.value - segment.first.value < segment.count ? &segment : nullptr;
}

Result<RecordView> StoredRecords::read_current(Position position, Buffer& scratch) const {
  const std::string name = segment_name(first_);
  if (!file_) {
    auto opened = disk_.open(name, false);
    if (!opened) return tl::make_unexpected(opened.error());
    file_ = std::move(*opened);
  }
  const std::size_t index = position.value - first_.value;
  const std::uint64_t start = std::uint64_t{offsets_[index]} * kRecordAlignment;
  const std::uint64_t end = index + 1 < offsets_.size() ? std::uint64_t{offsets_[index + 1]} * kRecordAlignment : end_;
  scratch.clear();
  return checked(name, start, Window{*file_, scratch, end}.at(start, end - start), position);
}

Result<RecordView> StoredRecords::read_sealed(const Sealed& segment, Position position, Buffer& scratch) const {
  const auto opened = open(segment);
  if (!opened) return tl::make_unexpected(opened.error());
  const std::string name = segment_name(segment.first);
  const std::uint64_t sample = (position.value - segment.first.value) / kRecordsPerOffset;
  Position here(segment.first.value + sample * kRecordsPerOffset);
  std::uint64_t at = std::uint64_t{(*opened)->offsets[sample]} * kRecordAlignment;
  if (next_.offset != 0 && next_.position == position) {
    here = position;
    at = next_.offset;
  }
  scratch.clear();
  Window window{*(*opened)->file, scratch, segment.end};
  for (;; here = here.next()) {
    const auto header = window.at(at, kRecordHeaderBytes);
    if (!header) return checked(name, at, header, position);
    const std::uint64_t bytes = announced_bytes(*header);
    if (here == position) {
      auto record = checked(name, at, window.at(at, bytes), position);
      next_ = record
                  ? Next{position.next(), position.next().value - segment.first.value < segment.count ? at + bytes : 0}
                  : Next{};
      return record;
    }
    at += bytes;
  }
}

Result<RecordView> StoredRecords::checked(const std::string& name, std::uint64_t offset, Result<ByteView> bytes,
                                          Position position) const {
  if (!bytes && bytes.error().code == ErrorCode::record_unknown)
    return damaged(disk_, name, offset, text(RecordState::cut));
  if (!bytes) return tl::make_unexpected(bytes.error());
  const DecodedRecord record = decode_record(*bytes);
  if (record.state != RecordState::whole) return damaged(disk_, name, offset, text(record.state));
  if (record.view.position != position) return damaged(disk_, name, offset, "another record stands here");
  return record.view;
}

// record_unknown: that reaches beyond the end.
Result<ByteView> StoredRecords::Window::at(std::uint64_t offset, std::uint64_t count) {
  if (offset > end || count > end - offset) return fail(ErrorCode::record_unknown);
  if (offset < start || offset + count > start + bytes.size()) {
    bytes.resize(std::min(std::max(count, kRecordWindowBytes), end - offset));
    start = offset;
    const auto got = file.read_at(offset, bytes);
    if (!got) return tl::make_unexpected(got.error());
    if (*got != bytes.size()) return fail(ErrorCode::record_unknown);
  }
  return ByteView(bytes).subspan(offset - start, count);
}

Result<const StoredRecords::OpenSealed*> StoredRecords::open(const Sealed& segment) const {
  const auto found =
      std::find_if(open_.begin(), open_.end(), [&](const OpenSealed& one) { return one.first == segment.first; });
  if (found != open_.end()) {
    open_.splice(open_.begin(), open_, found);
  } else {
    open_.push_front({segment.first, {}, nullptr});
    if (open_.size() > kOpenSealedMax) open_.pop_back();
  }
  OpenSealed& one = open_.front();
  if (!one.file) {
    auto file = disk_.open(segment_name(segment.first), false);
    if (!file && read_away(disk_, segment.first)) return archived(disk_, segment_name(segment.first));
    if (!file) return tl::make_unexpected(file.error());
    one.file = std::move(*file);
  }
  if (one.offsets.empty()) {
    auto offsets = offsets_of(segment, *one.file);
    if (!offsets) return tl::make_unexpected(offsets.error());
    one.offsets = std::move(*offsets);
  }
  return &one;
}

// From its index; from the segment's heads while that is not there.
Result<std::vector<std::uint32_t>> StoredRecords::offsets_of(const Sealed& segment, const ports::File& file) const {
  if (auto index = read_index(disk_, segment.first))
    if (index->first == segment.first && index->count == segment.count && index->records_end == segment.end)
      return std::move(index->offsets);
  Buffer bytes;
  Window window{file, bytes, segment.end};
  OffsetSampler sampler;
  for (std::uint64_t at = kSegmentHeaderBytes; sampler.count() < segment.count;) {
    const auto header = window.at(at, kRecordHeaderBytes);
    if (!header) return damaged(disk_, segment_name(segment.first), at, text(RecordState::cut));
    sampler.add(at);
    at += announced_bytes(*header);
  }
  return sampler.take();
}

}  // namespace hub::journal
