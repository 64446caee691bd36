#include "hub/journal/archive.hpp"

#include <algorithm>
#include <utility>

#include "hub/journal/file_names.hpp"
#include "hub/journal/segment_scan.hpp"

namespace hub::journal {
namespace {

const std::string kUnfinishedSegment = "segment.new";

struct Sealed {
  SegmentIndex index;
  crypto::MerkleFrontier tree_before;  // over every record before it
  bool away = false;

  std::string name() const { return segment_name(index.first); }
  Position end() const { return Position(index.first.value + index.count); }
  MovedSegment moved() const { return {name(), index.first, end(), index.segment_bytes}; }
};

bool is_in(const std::vector<std::string>& names, const std::string& name) {
  return std::binary_search(names.begin(), names.end(), name);
}

// The sealed segments of a journal from its first one on, as far as there are indexes: the hub makes the others.
Result<std::vector<Sealed>> sealed_in(ports::Disk& journal) {
  const auto names = journal.list();
  if (!names) return tl::make_unexpected(names.error());
  std::vector<Sealed> out;
  crypto::MerkleFrontier tree;
  for (;;) {
    const Position next(tree.size());
    const bool away = !is_in(*names, segment_name(next));
    auto index = away ? read_away(journal, next) : read_index(journal, next);
    if (!index) break;
    crypto::MerkleFrontier before = std::exchange(tree, index->tree);
    out.push_back({std::move(*index), std::move(before), away});
  }
  if (out.empty() && std::none_of(names->begin(), names->end(), [](const auto& n) { return position_in_name(n); }))
    return fail(ErrorCode::journal_missing, {{"path", journal.describe("")}});
  return out;
}

struct Found {
  std::vector<Sealed> sealed;
  std::vector<std::string> archived;  // names, sorted
};

Result<Found> look(ports::Disk& journal, ports::Disk& archive) {
  auto sealed = sealed_in(journal);
  if (!sealed) return tl::make_unexpected(sealed.error());
  auto archived = archive.list();
  if (!archived) return tl::make_unexpected(archived.error());
  return Found{std::move(*sealed), std::move(*archived)};
}

// Whether a file holds that segment: its header, every record, and the tree that they make. The time of the last one.
Result<UnixMicros> check_segment(ports::Disk& disk, const std::string& name, const Sealed& segment) {
  auto reader = SegmentReader::open(disk, name);
  if (!reader) return tl::make_unexpected(reader.error());
  const auto header = read_header(*reader);
  if (!header) return tl::make_unexpected(header.error());
  const SegmentIndex& index = segment.index;
  if (!*header || (*header)->journal != index.journal || (*header)->first != index.first ||
      reader->size() != index.segment_bytes || (*header)->root != segment.tree_before.root())
    return damaged(disk, name, 0, "the segment's header does not fit its index");
  crypto::MerkleFrontier tree = segment.tree_before;
  std::uint64_t at = kSegmentHeaderBytes;
  UnixMicros time;
  for (std::uint64_t i = 0; i < index.count; ++i) {
    const auto record = decode_at(*reader, at);
    if (!record) return tl::make_unexpected(record.error());
    if (record->state != RecordState::whole) return damaged(disk, name, at, text(record->state));
    if (!body_fits(record->view)) return damaged(disk, name, at, "the body does not fit its digest");
    tree.add(leaf_of(record->view));
    time = record->view.time;
    at += record->bytes;
  }
  if (at != index.records_end || tree.root() != index.tree.root())
    return damaged(disk, name, at, "its records are not those that its index tells of");
  return time;
}

Result<void> copy_file(ports::Disk& from, const std::string& name, ports::Disk& to) {
  auto source = from.open(name, false);
  if (!source) return tl::make_unexpected(source.error());
  const auto size = (*source)->size();
  if (!size) return tl::make_unexpected(size.error());
  auto copy = to.create_prefilled(kUnfinishedSegment, *size);
  if (!copy) return tl::make_unexpected(copy.error());
  Buffer part(kCopyBytes);
  for (std::uint64_t at = 0; at < *size;) {
    const auto got = (*source)->read_at(at, part);
    if (!got) return tl::make_unexpected(got.error());
    if (*got == 0) return damaged(from, name, at, "the file is cut short");
    if (auto written = (*copy)->write_at(at, ByteView(part).first(*got)); !written) return written;
    at += *got;
  }
  return (*copy)->sync_data();
}

// The copy is read back from the disk, not from memory.
Result<void> copy_checked(ports::Disk& from, ports::Disk& to, const Sealed& segment) {
  if (auto copied = copy_file(from, segment.name(), to); !copied) return copied;
  if (auto settled = to.settle(kUnfinishedSegment); !settled) return settled;
  if (auto good = check_segment(to, kUnfinishedSegment, segment); !good) return tl::make_unexpected(good.error());
  return to.rename(kUnfinishedSegment, segment.name());
}

void tell(const VerifyProgress& progress, std::size_t done, std::size_t all) {
  if (progress) progress(static_cast<double>(done) / static_cast<double>(all));
}

}  // namespace

Result<std::vector<MovedSegment>> copy_segments(ports::Disk& journal, ports::Disk& archive,
                                                const VerifyProgress& progress) {
  const auto found = look(journal, archive);
  if (!found) return tl::make_unexpected(found.error());
  std::vector<MovedSegment> out;
  for (std::size_t i = 0; i < found->sealed.size(); ++i) {
    const Sealed& segment = found->sealed[i];
    tell(progress, i, found->sealed.size());
    if (segment.away || (is_in(found->archived, segment.name()) && is_in(found->archived, index_name(segment.index.first)))) continue;
    if (auto copied = copy_checked(journal, archive, segment); !copied) return tl::make_unexpected(copied.error());
    if (auto written = write_index(archive, segment.index); !written) return tl::make_unexpected(written.error());
    out.push_back(segment.moved());
  }
  return out;
}

Result<std::vector<MovedSegment>> take_away(ports::Disk& journal, ports::Disk& archive, Position before,
                                            UnixMicros before_time, const VerifyProgress& progress) {
  const auto found = look(journal, archive);
  if (!found) return tl::make_unexpected(found.error());
  std::vector<MovedSegment> out;
  for (std::size_t i = 0; i < found->sealed.size() && found->sealed[i].end() <= before; ++i) {
    const Sealed& segment = found->sealed[i];
    tell(progress, i, found->sealed.size());
    if (segment.away || !is_in(found->archived, segment.name())) continue;
    const auto last = check_segment(archive, segment.name(), segment);
    if (!last) return tl::make_unexpected(last.error());
    if (*last >= before_time) break;
    // In this order, so that a crash between the two takes nothing away.
    const Position first = segment.index.first;
    if (auto renamed = journal.rename(index_name(first), kAwayNames.of(first)); !renamed)
      return tl::make_unexpected(renamed.error());
    if (auto removed = journal.remove(segment.name()); !removed) return tl::make_unexpected(removed.error());
    out.push_back(segment.moved());
  }
  return out;
}

Result<std::vector<MovedSegment>> fetch_segments(ports::Disk& journal, ports::Disk& archive, Position from,
                                                 Position until, const VerifyProgress& progress) {
  const auto found = look(journal, archive);
  if (!found) return tl::make_unexpected(found.error());
  std::vector<MovedSegment> out;
  for (std::size_t i = 0; i < found->sealed.size(); ++i) {
    const Sealed& segment = found->sealed[i];
    tell(progress, i, found->sealed.size());
    if (!segment.away || segment.end() <= from || segment.index.first >= until) continue;
    if (!is_in(found->archived, segment.name()))
      return fail(ErrorCode::not_found, {{"path", archive.describe(segment.name())}});
    if (auto copied = copy_checked(archive, journal, segment); !copied) return tl::make_unexpected(copied.error());
    const Position first = segment.index.first;
    if (auto renamed = journal.rename(kAwayNames.of(first), index_name(first)); !renamed)
      return tl::make_unexpected(renamed.error());
    out.push_back(segment.moved());
  }
  return out;
}

}  // namespace hub::journal
