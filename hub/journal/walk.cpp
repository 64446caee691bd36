#include "hub/journal/walk.hpp"

#include <algorithm>

#include "hub/journal/durable_end.hpp"
#include "hub/journal/file_names.hpp"
#include "hub/journal/segment_scan.hpp"

namespace hub::journal {
namespace {

class Walk {
 public:
  Walk(ports::Disk& disk, const RecordVisitor& visit, const KnownPoint& known, Away away, Walked& out)
      : disk_(disk), visit_(visit), known_(known), away_(away), out_(out) {}

  Result<void> run() {
    // Before the segments, which a running hub may write meanwhile.
    const auto durable = read_durable_end(disk_);
    if (!durable) return tl::make_unexpected(durable.error());
    if (auto listed = list(); !listed) return listed;
    for (std::size_t i = 0; i < out_.segments.size(); ++i)
      if (auto read = segment(i); !read) return read;
    if (auto whole = reached(*durable); !whole) return whole;
    if (out_.end < known_.end) return fail(ErrorCode::journal_behind);
    return {};
  }

 private:
  Result<void> list() {
    const auto names = disk_.list();
    if (!names) return tl::make_unexpected(names.error());
    names_ = *names;
    for (const std::string& name : names_) {
      if (const auto first = position_in_name(name)) out_.segments.push_back({name, *first, 0});
      const auto away = kAwayNames.position_in(name);
      const std::string segment = away ? segment_name(*away) : std::string();
      if (away && !std::binary_search(names_.begin(), names_.end(), segment))
        out_.segments.push_back({segment, *away, 0, /*away=*/true});
    }
    while (!out_.segments.empty() && out_.segments.back().away) out_.segments.pop_back();  // the last one never is
    if (out_.segments.empty()) return fail(ErrorCode::journal_missing, {{"path", disk_.describe("")}});
    return {};
  }

  Result<void> segment(std::size_t index) {
    FoundSegment& found = out_.segments[index];
    if (found.away) return away_segment(index);
    auto reader = SegmentReader::open(disk_, found.name);
    if (!reader) return tl::make_unexpected(reader.error());
    found.bytes = reader->size();
    if (auto good = header(found, *reader, index == 0); !good) return good;
    auto footer = index + 1 == out_.segments.size() ? std::nullopt : read_index(disk_, found.first);
    if (footer && known_.end >= out_.segments[index + 1].first && vouches(*footer, index)) {
      pass_over(found, *footer);
      return {};
    }
    std::uint64_t at = kSegmentHeaderBytes;
    OffsetSampler sampler;
    for (;;) {
      if (out_.end == known_.end && out_.tree.root() != known_.root) return fail(ErrorCode::journal_mismatch);
      const auto next = decode_at(*reader, at);
      if (!next) return tl::make_unexpected(next.error());
      if (next->state != RecordState::whole || next->view.position != out_.end) {
        found.records = sampler.count();
        found.records_end = at;
        if (index + 1 == out_.segments.size()) return tail(found, *reader, at, *next);
        if (auto ended = end_of_inner_segment(index, at, *next); !ended) return ended;
        compare_index(found, footer, sampler.take());
        return {};
      }
      sampler.add(at);
      const crypto::Digest head = head_digest(next->view.nonce, next->view.kind, next->view.time, next->view.metadata);
      if (auto visited = visit_(next->view, {index, at, next->bytes, head}); !visited) return visited;
      out_.tree.add(leaf_of(head, next->view.body_digest, next->view.outcome_root));
      out_.end = out_.end.next();
      at += next->bytes;
    }
  }

  Result<void> header(const FoundSegment& found, SegmentReader& reader, bool first_segment) {
    if (reader.size() < kSegmentHeaderBytes) return damaged(disk_, found.name, reader.size(), "the file is cut short");
    const auto read = reader.header();
    if (!read) return tl::make_unexpected(read.error());
    const auto& header = *read;
    if (!header) return damaged(disk_, found.name, 0, "the segment's header is broken");
    if (header->segment_bytes != reader.size() || reader.size() > kSegmentBytesMax ||
        reader.size() % kRecordAlignment != 0)
      return damaged(disk_, found.name, reader.size(), "the file has another size than its header says");
    if (header->first != found.first)
      return damaged(disk_, found.name, 0, "the segment's header and its name tell different first positions");
    if (first_segment) out_.journal = header->journal;
    if (first_segment && known_.end.value > 0 && known_.journal != header->journal)
      return fail(ErrorCode::journal_mismatch);
    if (header->journal != out_.journal) return damaged(disk_, found.name, 0, "the segment belongs to another journal");
    if (header->first != out_.end)
      return damaged(disk_, found.name, 0, "records are missing from position " + std::to_string(out_.end.value));
    if (header->root != out_.tree.root())
      return damaged(disk_, found.name, 0, "the segment does not continue the segments before it");
    return {};
  }

  Result<void> away_segment(std::size_t index) {
    FoundSegment& found = out_.segments[index];
    const auto footer = read_away(disk_, found.first);
    const std::string name = kAwayNames.of(found.first);
    if (!footer || footer->first != found.first) return damaged(disk_, name, 0, "the index is broken");
    if (index == 0) out_.journal = footer->journal;
    if (index == 0 && known_.end.value > 0 && known_.journal != footer->journal)
      return fail(ErrorCode::journal_mismatch);
    if (footer->journal != out_.journal) return damaged(disk_, name, 0, "the segment belongs to another journal");
    if (found.first != out_.end)
      return damaged(disk_, name, 0, "records are missing from position " + std::to_string(out_.end.value));
    if (away_ == Away::needed && known_.end.value < footer->tree.size()) return archived(disk_, found.name);
    found.bytes = footer->segment_bytes;
    pass_over(found, *footer);
    return {};
  }

  // Whether an index of this inner segment tells where the next one goes on, as that one's header says too.
  bool vouches(const SegmentIndex& footer, std::size_t index) {
    const FoundSegment& found = out_.segments[index];
    const FoundSegment& next = out_.segments[index + 1];
    if (footer.journal != out_.journal || footer.first != found.first || footer.segment_bytes != found.bytes ||
        footer.tree.size() != next.first.value)
      return false;
    if (next.away) return true;  // what comes behind it says whether they all fit
    const auto reader = SegmentReader::open(disk_, next.name);
    if (!reader) return false;
    const auto header = reader->header();
    return header && *header && (*header)->root == footer.tree.root();
  }

  void pass_over(FoundSegment& found, const SegmentIndex& footer) {
    found.records = footer.count;
    found.records_end = footer.records_end;
    out_.tree = footer.tree;
    out_.end = Position(out_.tree.size());
    ++out_.indexes.good;
  }

  void compare_index(const FoundSegment& found, const std::optional<SegmentIndex>& there,
                     std::vector<std::uint32_t> offsets) {
    SegmentIndex made{out_.journal,      found.first, found.records,     found.bytes,
                      found.records_end, out_.tree,   std::move(offsets)};
    if (there == made) {
      ++out_.indexes.good;
      return;
    }
    out_.indexes.missing.push_back(std::move(made));
    if (const std::string name = index_name(found.first); std::binary_search(names_.begin(), names_.end(), name))
      out_.indexes.wrong.push_back(name);
  }

  Result<void> end_of_inner_segment(std::size_t index, std::uint64_t at, const DecodedRecord& next) {
    const FoundSegment& found = out_.segments[index];
    if (next.state == RecordState::whole) return damaged(disk_, found.name, at, "a record has another position");
    if (next.state != RecordState::empty) return damaged(disk_, found.name, at, text(next.state));
    if (out_.segments[index + 1].first != out_.end)
      return damaged(disk_, found.name, at,
                     "record " + std::to_string(out_.end.value) + " is missing, and a later segment follows");
    return {};
  }

  // The last segment, from its first place without the record that belongs there: a torn tail, or damage before it.
  Result<void> tail(const FoundSegment& found, SegmentReader& reader, std::uint64_t at, const DecodedRecord& next) {
    out_.tail = out_.torn_to = at;
    if (next.state == RecordState::version_unknown) return damaged(disk_, found.name, at, text(next.state));
    // A later segment gets its name only when its first group is synced.
    if (at == kSegmentHeaderBytes && found.first.value > 0)
      return damaged(disk_, found.name, at, "the segment's first record: " + std::string(text(next.state)));
    for (std::uint64_t o = at;;) {
      const auto found_at = first_not_zero(reader, o);
      if (!found_at) return tl::make_unexpected(found_at.error());
      o = *found_at;
      if (o == reader.size()) return {};
      const auto record = decode_at(reader, o);
      if (!record) return tl::make_unexpected(record.error());
      if (record->bytes > 0 && record->state != RecordState::head_broken && proves_damage(record->view, at, o))
        return damaged(disk_, found.name, at,
                       "record " + std::to_string(out_.end.value) + " is broken or missing, and record " +
                           std::to_string(record->view.position.value) + " of another group stands behind it");
      // What a good head announces is its own, whatever it looks like.
      o += std::max<std::uint64_t>(record->state == RecordState::head_broken ? 0 : record->bytes, kRecordAlignment);
      out_.torn_to = o;
    }
  }

  // What was once told to be durable and is gone is no torn tail.
  Result<void> reached(const std::optional<DurableEnd>& durable) const {
    if (!durable || durable->journal != out_.journal || durable->end <= out_.end) return {};
    return damaged(disk_, out_.segments.back().name, out_.tail,
                   "the journal ends before position " + std::to_string(out_.end.value) + ", and " +
                       disk_.describe(kDurableEndName) + " says that it was durable up to position " +
                       std::to_string(durable->end.value));
  }

  // Whether a record with a good head at `o` can't be of the group that was under way when the hub stopped, record
  // `end` of which was to stand at `at`. Between the two stand all records between: a position further on than so many
  // smallest records is none, but bytes of a document that look like a record.
  bool proves_damage(const RecordView& record, std::uint64_t at, std::uint64_t o) const {
    if (o == at && record.position != out_.end) return true;
    if (record.position.value - record.index_in_group <= out_.end.value) return false;
    return record.position.value - out_.end.value <= (o - at) / kRecordHeaderBytes;
  }

  ports::Disk& disk_;
  const RecordVisitor& visit_;
  const KnownPoint& known_;
  const Away away_;
  Walked& out_;
  std::vector<std::string> names_;  // of all files, sorted
};

}  // namespace

Result<Walked> for_each_record(ports::Disk& disk, const RecordVisitor& visit, Walked* partial,
                               const KnownPoint& known, Away away) {
  Walked own;
  Walked& out = partial != nullptr ? *partial : own;
  if (auto walked = Walk(disk, visit, known, away, out).run(); !walked) return tl::make_unexpected(walked.error());
  return out;
}

}  // namespace hub::journal
