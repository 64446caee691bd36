#include "hub/journal/file_journal.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/journal/record_codec.hpp"

namespace hub::journal {
namespace {

void check(const Options& options) {
  HUB_CHECK(options.group_bytes_max >= kRecordHeaderBytes && options.group_bytes_max % kRecordAlignment == 0);
  HUB_CHECK(options.segment_bytes >= kSegmentHeaderBytes + options.group_bytes_max);
  HUB_CHECK(options.segment_bytes <= kSegmentBytesMax && options.segment_bytes % kRecordAlignment == 0);
}

Result<std::vector<std::string>> segments_in(ports::Disk& disk) {
  auto names = disk.list();
  if (names) std::erase_if(*names, [](const std::string& name) { return !position_in_name(name); });
  return names;
}

// Stale bytes behind the end could be taken for records one day: zeros in their place, before anything is appended.
Result<void> clear_torn_tail(ports::File& file, std::uint64_t from, std::uint64_t to) {
  if (from == to) return {};
  const Buffer zeros(std::min<std::uint64_t>(to - from, 1 << 20), 0);
  for (std::uint64_t at = from; at < to; at += zeros.size())
    if (auto written = file.write_at(at, ByteView(zeros).first(std::min<std::uint64_t>(zeros.size(), to - at)));
        !written)
      return written;
  return file.sync_data();
}

// Only in the last segment anything was perhaps never synced: by a process that was killed, or whose sync failed.
Result<void> settle_last_segment(ports::Disk& disk) {
  const auto segments = segments_in(disk);
  if (!segments) return tl::make_unexpected(segments.error());
  return segments->empty() ? Result<void>() : disk.settle(segments->back());
}

Result<void> remove_spare(ports::Disk& disk) {
  const auto names = disk.list();
  if (!names) return tl::make_unexpected(names.error());
  if (!std::binary_search(names->begin(), names->end(), kSpareName)) return {};
  return disk.remove(kSpareName);
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::create(ports::Disk& disk, const JournalId& id, const Options& options) {
  check(options);
  const auto segments = segments_in(disk);
  if (!segments) return tl::make_unexpected(segments.error());
  if (!segments->empty()) return fail(ErrorCode::journal_exists, {{"path", disk.describe("")}});
  const SegmentHeader header{id, Position(0), options.segment_bytes, crypto::empty_root()};
  if (auto made = SegmentWriter(disk, options.segment_bytes, nullptr).roll(header, {}); !made)
    return tl::make_unexpected(made.error());
  return open(disk, options, [](const RecordView&) -> Result<void> { return {}; });
}

Result<std::unique_ptr<Journal>> Journal::open(ports::Disk& disk, const Options& options,
                                               const std::function<Result<void>(const RecordView&)>& replay,
                                               const KnownPoint& known) {
  check(options);
  if (auto settled = settle_last_segment(disk); !settled) return tl::make_unexpected(settled.error());
  StoredRecords stored(disk);
  Walked walked;
  const auto visit = [&](const RecordView& record, const Place& place) -> Result<void> {
    const FoundSegment& segment = walked.segments[place.segment];
    if (place.segment + 1 == walked.segments.size()) {
      if (record.position == segment.first) stored.add_segment(segment.first);
      stored.add_record(place.offset, place.bytes);
    }
    return record.position < known.end ? Result<void>() : replay(record);
  };
  if (auto read = for_each_record(disk, visit, &walked, known); !read) return tl::make_unexpected(read.error());
  const FoundSegment& last = walked.segments.back();
  if (last.records == 0) stored.add_segment(last.first);
  for (const FoundSegment& segment : walked.segments)
    if (&segment != &last) stored.add_sealed({segment.first, segment.records, segment.records_end});
  auto file = disk.open(last.name, true);
  if (!file) return tl::make_unexpected(file.error());
  if (auto cleared = clear_torn_tail(**file, walked.tail, walked.torn_to); !cleared)
    return tl::make_unexpected(cleared.error());
  if (auto removed = remove_spare(disk); !removed) return tl::make_unexpected(removed.error());
  StartingPoint start{walked.journal, std::move(walked.tree), last.bytes,
                      walked.tail,    std::move(*file),       std::move(stored),
                      {disk.describe(last.name), walked.tail, walked.torn_to - walked.tail},
                      std::move(walked.indexes.missing)};
  return std::make_unique<FileJournal>(disk, options, std::move(start));
}

FileJournal::FileJournal(ports::Disk& disk, const Options& options, StartingPoint start)
    : options_(options),
      id_(start.journal),
      torn_tail_(std::move(start.torn_tail)),
      tree_(std::move(start.tree)),
      writer_(disk, options.segment_bytes, std::move(start.segment)),
      indexes_(disk),
      stored_(std::move(start.stored)),
      tail_(options.tail_bytes, options.group_bytes_max, Position(tree_.size())),
      segment_bytes_(start.segment_bytes),
      segment_end_(start.segment_end),
      durable_end_(tree_.size()),
      idle_(std::make_unique<FileGroup>()) {
  begin_group();
  want_spare();
  for (SegmentIndex& index : start.missing_indexes) indexes_.want(std::move(index));
}

void FileJournal::begin_group() {
  tail_.begin_group();
  group_first_ = end();
  tree_before_group_ = tree_;
  record_sizes_.clear();
  leaves_.clear();
}

Appended FileJournal::append(const NewRecord& record) {
  HUB_CHECK(room(record.metadata.size(), record.body.size()));
  const Position position = end();
  const std::size_t bytes = record_bytes(record.metadata.size(), record.body.size());
  const auto index = static_cast<std::uint32_t>(record_sizes_.size());
  const crypto::Digest head = encode_record(record, position, index, tail_.reserve(bytes));
  tail_.keep(bytes, head);
  record_sizes_.push_back(static_cast<std::uint32_t>(bytes));
  const crypto::Digest leaf = leaf_of(head, record.body_digest, record.outcome_root);
  leaves_.push_back(leaf);
  tree_.add(leaf);
  return {position, leaf};
}

bool FileJournal::room(std::size_t metadata_bytes, std::size_t body_bytes) const {
  const std::uint64_t group = tail_.group_bytes() + record_bytes(metadata_bytes, body_bytes);
  if (group > options_.group_bytes_max) return false;
  return group <= left_in_segment() || !writer_.out_of_space();
}

bool FileJournal::low_on_space() const {
  // At least one group, or a frame could wait for ever for room that no commit makes.
  const std::uint64_t reserve =
      std::max<std::uint64_t>(std::min(options_.reserve_bytes, segment_bytes_ / 4), options_.group_bytes_max);
  return writer_.out_of_space() && left_in_segment() < tail_.group_bytes() + reserve;
}

std::unique_ptr<Group> FileJournal::take_group() {
  if (record_sizes_.empty() || !idle_) return nullptr;
  auto group = std::move(idle_);
  group->bytes = tail_.group();
  group->end = end();
  group->records = record_sizes_.size();
  group->size_bytes = group->bytes.size();
  group->leaves.swap(leaves_);
  group->new_segment.reset();
  group->sealed.reset();
  if (group->bytes.size() > left_in_segment()) {
    group->new_segment = SegmentHeader{id_, group_first_, options_.segment_bytes, tree_before_group_.root()};
    // Until the new segment has its name, the spare's name is taken.
    writer_.want_spare(false);
    // One that holds nothing, and is too small for this group, is replaced: the new one has its first position, and so its name.
    if (stored_.has_current()) group->sealed = seal();
    stored_.add_segment(group_first_);
    segment_bytes_ = options_.segment_bytes;
    segment_end_ = kSegmentHeaderBytes;
  }
  group->offset = segment_end_;
  for (const std::uint32_t bytes : record_sizes_) {
    stored_.add_record(segment_end_, bytes);
    segment_end_ += bytes;
  }
  begin_group();
  return group;
}

// The current segment, as the group that is being taken goes to the next one.
SegmentIndex FileJournal::seal() {
  std::vector<std::uint32_t> offsets = stored_.seal();
  const StoredRecords::Sealed& sealed = stored_.last_sealed();
  return {id_, sealed.first, sealed.count, segment_bytes_, sealed.end, tree_before_group_, std::move(offsets)};
}

Result<bool> FileJournal::prepare_segment() {
  const auto prepared = writer_.prepare();
  if (!prepared) return prepared;
  if (auto written = indexes_.write(); !written) return tl::make_unexpected(written.error());
  return prepared;
}

Result<void> FileJournal::write(Group& group) {
  const auto& taken = static_cast<FileGroup&>(group);
  const auto synced = taken.new_segment ? writer_.roll(*taken.new_segment, taken.bytes)
                                        : writer_.write(taken.offset, taken.bytes);
  if (!synced) return tl::make_unexpected(synced.error());
  group.sync_nanos = *synced;
  return {};
}

void FileJournal::finished(std::unique_ptr<Group> group) {
  idle_.reset(static_cast<FileGroup*>(group.release()));
  durable_end_ = idle_->end;
  if (idle_->sealed) indexes_.want(std::move(*idle_->sealed));
  want_spare();
}

Result<RecordView> FileJournal::read(Position position, Buffer& scratch) const {
  if (const std::uint8_t* recent = tail_.find(position)) return view_record(recent);
  return stored_.read(position, scratch);
}

}  // namespace hub::journal
