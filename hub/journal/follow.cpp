#include "hub/journal/follow.hpp"

#include <algorithm>

#include "hub/journal/file_names.hpp"
#include "hub/journal/segment_index.hpp"

namespace hub::journal {
namespace {

constexpr std::uint64_t kFollowWindowBytes = 256 << 10;

}  // namespace

Result<Follower> Follower::open(ports::Disk& disk, Position from) {
  const auto names = disk.list();
  if (!names) return tl::make_unexpected(names.error());
  std::optional<Position> first;
  for (const std::string& name : *names)
    for (const FileNames& kind : {kSegmentNames, kAwayNames})
      if (const auto position = kind.position_in(name); position && *position <= from) first = position;
  if (!first) return fail(ErrorCode::journal_missing, {{"path", disk.describe("")}});
  Follower out(disk);
  if (auto opened = out.open_segment(*first); !opened) return tl::make_unexpected(opened.error());
  out.jump(from);
  while (out.position_ < from)
    if (const auto skipped = out.next(from); !skipped) return tl::make_unexpected(skipped.error());
  return out;
}

Result<void> Follower::open_segment(Position first) {
  name_ = segment_name(first);
  auto file = disk_.open(name_, false);
  if (!file && read_away(disk_, first)) return archived(disk_, name_);
  if (!file) return tl::make_unexpected(file.error());
  file_ = std::move(*file);
  const auto size = file_->size();
  if (!size) return tl::make_unexpected(size.error());
  segment_bytes_ = *size;
  window_.clear();
  if (segment_bytes_ < kSegmentHeaderBytes) return damaged(disk_, name_, segment_bytes_, "the file is cut short");
  const auto head = bytes(0, kSegmentHeaderBytes);
  if (!head) return tl::make_unexpected(head.error());
  const auto header = decode_header(*head);
  if (!header) return damaged(disk_, name_, 0, "the segment's header is broken");
  if (header->first != first || header->segment_bytes != segment_bytes_)
    return damaged(disk_, name_, 0, "the segment's header does not fit its name and size");
  if (journal_ != JournalId{} && header->journal != journal_)
    return damaged(disk_, name_, 0, "the segment belongs to another journal");
  journal_ = header->journal;
  first_ = position_ = first;
  offset_ = kSegmentHeaderBytes;
  return {};
}

// As far as the segment's index allows, when it is sealed and has one.
void Follower::jump(Position to) {
  const auto index = read_index(disk_, first_);
  if (!index || index->journal != journal_ || index->first != first_ || index->segment_bytes != segment_bytes_) return;
  const std::uint64_t sample =
      std::min<std::uint64_t>((to.value - first_.value) / kRecordsPerOffset, index->offsets.size() - 1);
  offset_ = std::uint64_t{index->offsets[sample]} * kRecordAlignment;
  position_ = Position(first_.value + sample * kRecordsPerOffset);
}

Result<ByteView> Follower::bytes(std::uint64_t offset, std::uint64_t count) {
  if (offset < window_start_ || offset + count > window_start_ + window_.size()) {
    window_.resize(std::min(std::max(count, kFollowWindowBytes), segment_bytes_ - offset));
    window_start_ = offset;
    const auto got = file_->read_at(offset, window_);
    if (!got) return tl::make_unexpected(got.error());
    if (*got != window_.size())
      return fail(ErrorCode::io_failed,
                  {{"operation", "read"}, {"path", disk_.describe(name_)}, {"reason", "the file became shorter"}});
  }
  return ByteView(window_).subspan(offset - window_start_, count);
}

// What stands at the next record's place: as the window has it, or as the file has it now.
Result<DecodedRecord> Follower::decode(bool fresh) {
  if (fresh) window_.clear();
  const std::uint64_t left = segment_bytes_ - offset_;
  if (left < kRecordHeaderBytes) return DecodedRecord{};
  auto found = bytes(offset_, kRecordHeaderBytes);
  if (!found) return tl::make_unexpected(found.error());
  const std::uint64_t announced = announced_bytes(*found);
  if (announced <= left) found = bytes(offset_, announced);
  if (!found) return tl::make_unexpected(found.error());
  return decode_record(*found);
}

Result<std::optional<RecordView>> Follower::next(Position durable_end) {
  if (position_ >= durable_end) return std::optional<RecordView>();
  for (;;) {
    DecodedRecord record;
    for (const bool fresh : {false, true}) {
      const auto decoded = decode(fresh);
      if (!decoded) return tl::make_unexpected(decoded.error());
      record = *decoded;
      if (record.state == RecordState::whole && record.view.position == position_) {
        offset_ += record.bytes;
        position_ = position_.next();
        return std::optional(record.view);
      }
    }
    const auto gone_on = go_to_next_segment();
    if (!gone_on) return tl::make_unexpected(gone_on.error());
    if (!*gone_on)
      return damaged(disk_, name_, offset_,
                     record.state == RecordState::whole ? "a record has another position" : text(record.state));
  }
}

// False when no segment begins with the next record.
Result<bool> Follower::go_to_next_segment() {
  if (position_ == first_) return false;
  const auto names = disk_.list();
  if (!names) return tl::make_unexpected(names.error());
  const auto is_there = [&](const std::string& name) { return std::binary_search(names->begin(), names->end(), name); };
  if (!is_there(segment_name(position_)) && !is_there(kAwayNames.of(position_))) return false;
  if (auto opened = open_segment(position_); !opened) return tl::make_unexpected(opened.error());
  return true;
}

}  // namespace hub::journal
