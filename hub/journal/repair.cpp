#include "hub/journal/repair.hpp"

#include <algorithm>
#include <map>

#include "hub/journal/durable_end.hpp"
#include "hub/journal/segment_scan.hpp"

namespace hub::journal {
namespace {

// A segment file of a source, as its header has it. Its name may be another's, and its header broken.
struct SegmentFile {
  std::size_t source;
  std::string name;
  Position named;
  std::optional<SegmentHeader> header;
};

Result<std::vector<SegmentFile>> segment_files(ports::Disk& disk, std::size_t source) {
  const auto names = disk.list();
  if (!names) return tl::make_unexpected(names.error());
  std::vector<SegmentFile> out;
  for (const std::string& name : *names) {
    const auto named = position_in_name(name);
    if (!named) continue;
    auto reader = SegmentReader::open(disk, name);
    if (!reader) return tl::make_unexpected(reader.error());
    auto header = read_header(*reader);
    if (!header) return tl::make_unexpected(header.error());
    out.push_back({source, name, *named, std::move(*header)});
  }
  return out;
}

struct Candidate {  // a file that may hold the records of the segment in question
  std::size_t source;
  std::string name;
  SegmentReader reader;
};

struct Attempt {
  RepairPlan::Segment segment;
  Position end;
  crypto::MerkleFrontier tree;
  std::vector<RepairPlan::LeftOut> left_out;
};

class Planner {
 public:
  explicit Planner(RepairSources sources) : sources_(sources) {}

  Result<RepairPlan> run() {
    auto found = verify(*sources_[0]);
    if (!found) return tl::make_unexpected(found.error());
    plan_.found = std::move(*found);
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      auto files = segment_files(*sources_[i], i);
      if (!files) return tl::make_unexpected(files.error());
      std::move(files->begin(), files->end(), std::back_inserter(files_));
    }
    if (auto decided = decide_journal(); !decided) return tl::make_unexpected(decided.error());
    for (;;) {
      const auto went_on = next_segment();
      if (!went_on) return tl::make_unexpected(went_on.error());
      if (!*went_on) break;
    }
    if (plan_.end.value == 0) return damaged(*sources_[0], segment_name(Position(0)), 0, "no record can be had");
    plan_.root = tree_.root();
    if (auto known = find_known_end(); !known) return tl::make_unexpected(known.error());
    return std::move(plan_);
  }

 private:
  // The one that most files of the damaged folder are of: one of them may be foreign, even the first.
  Result<void> decide_journal() {
    std::map<JournalId, std::size_t> files;
    const auto durable = read_durable_end(*sources_[0]);
    if (!durable) return tl::make_unexpected(durable.error());
    if (*durable) ++files[(*durable)->journal];
    for (const SegmentFile& file : files_)
      if (file.source == 0 && file.header) ++files[file.header->journal];
    if (files.empty()) return damaged(*sources_[0], segment_name(Position(0)), 0, "no header of a segment can be read");
    plan_.journal = std::max_element(files.begin(), files.end(), [](const auto& a, const auto& b) {
                      return a.second < b.second;
                    })->first;
    return {};
  }

  // Each candidate may be the one that is right, as a copy or the damaged journal itself may tell another history from
  // some record on: the segment behind it tells which. Without one, the one that has most.
  Result<bool> next_segment() {
    auto candidates = open_candidates();
    if (!candidates) return tl::make_unexpected(candidates.error());
    std::optional<Attempt> best;
    for (std::size_t preferred = 0; preferred < candidates->size(); ++preferred) {
      auto attempt = merge(*candidates, preferred);
      if (!attempt) return tl::make_unexpected(attempt.error());
      if (attempt->segment.header_rebuilt && !attempt->segment.confirmed) continue;
      const bool better = !best || (attempt->segment.confirmed && !best->segment.confirmed) ||
                          (attempt->segment.confirmed == best->segment.confirmed && attempt->end > best->end);
      if (better) best = std::move(*attempt);
      if (best->segment.confirmed) break;
    }
    if (!best) return false;
    plan_.end = best->end;
    tree_ = std::move(best->tree);
    plan_.left_out.insert(plan_.left_out.end(), best->left_out.begin(), best->left_out.end());
    const bool any = !best->segment.pieces.empty();
    if (any || plan_.segments.empty()) plan_.segments.push_back(std::move(best->segment));
    // A tree root confirms everything before it, also a segment behind which another header was broken.
    if (any && plan_.segments.back().confirmed)
      for (RepairPlan::Segment& segment : plan_.segments) segment.confirmed = true;
    return any;
  }

  Result<std::vector<Candidate>> open_candidates() {
    std::vector<Candidate> out;
    header_.reset();
    for (const SegmentFile& file : files_) {
      if (file.named != plan_.end && (!file.header || file.header->first != plan_.end)) continue;
      const std::string misfit = file.header ? misfit_of(*file.header) : "";
      if (!misfit.empty()) {
        plan_.left_out.push_back({sources_[file.source]->describe(file.name), misfit});
        continue;
      }
      auto reader = SegmentReader::open(*sources_[file.source], file.name);
      if (!reader) return tl::make_unexpected(reader.error());
      if (!header_) header_ = file.header;
      out.push_back({file.source, file.name, std::move(*reader)});
    }
    return out;
  }

  std::string misfit_of(const SegmentHeader& header) const {
    if (header.journal != plan_.journal) return "it belongs to another journal";
    if (header.first != plan_.end) return "its header and its name tell different first positions";
    if (header.root != tree_.root()) return "it does not continue the segments before it";
    if (header.segment_bytes < kSegmentHeaderBytes || header.segment_bytes > kSegmentBytesMax ||
        header.segment_bytes % kRecordAlignment != 0)
      return "its header tells a size that no segment has";
    return "";
  }

  Result<Attempt> merge(std::vector<Candidate>& candidates, std::size_t preferred) {
    Attempt out;
    out.end = plan_.end;
    out.tree = tree_;
    out.segment.header_rebuilt = !header_;
    out.segment.header =
        header_ ? *header_ : SegmentHeader{plan_.journal, plan_.end, candidates[0].reader.size(), tree_.root()};
    std::vector<std::size_t> order{preferred};
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (i != preferred) order.push_back(i);
    for (std::uint64_t at = kSegmentHeaderBytes;;) {
      out.segment.confirmed = is_continued(out);
      if (out.segment.confirmed) return out;
      const auto bytes = take_record(candidates, order, at, out);
      if (!bytes) return tl::make_unexpected(bytes.error());
      if (*bytes == 0) return out;
      at += *bytes;
    }
  }

  // The record that belongs at this place, from the first candidate that has it whole; 0 when none does. A candidate
  // that has another one there tells another history, and is not asked again.
  Result<std::uint64_t> take_record(std::vector<Candidate>& candidates, std::vector<std::size_t>& order,
                                    std::uint64_t at, Attempt& out) {
    std::optional<crypto::Digest> leaf;
    std::uint64_t taken = 0;
    for (std::size_t n = 0; n < order.size(); ++n) {
      Candidate& candidate = candidates[order[n]];
      if (at >= candidate.reader.size()) continue;
      const auto record = decode_at(candidate.reader, at);
      if (!record) return tl::make_unexpected(record.error());
      if (record->state == RecordState::version_unknown) return fail(ErrorCode::record_unknown);
      if (record->state != RecordState::whole || record->view.position != out.end || !body_fits(record->view)) continue;
      const crypto::Digest found = leaf_of(record->view);
      if (!leaf) {
        leaf = found;
        taken = record->bytes;
        add_piece(out, candidate, at, taken);
      } else if (found != *leaf) {
        out.left_out.push_back({sources_[candidate.source]->describe(candidate.name),
                                "it tells another history from position " + std::to_string(out.end.value) + " on"});
        order.erase(order.begin() + static_cast<std::ptrdiff_t>(n--));
      }
    }
    if (!leaf) return 0;
    out.tree.add(*leaf);
    out.end = out.end.next();
    return taken;
  }

  static void add_piece(Attempt& out, const Candidate& from, std::uint64_t at, std::uint64_t bytes) {
    auto& pieces = out.segment.pieces;
    if (pieces.empty() || pieces.back().source != from.source || pieces.back().file != from.name)
      pieces.push_back({from.source, from.name, at, 0, out.end, out.end});
    pieces.back().bytes += bytes;
    pieces.back().end = out.end.next();
  }

  // Whether a segment that begins here, in any source, has the root over all records so far in its header.
  bool is_continued(const Attempt& attempt) const {
    if (attempt.segment.pieces.empty()) return false;
    return std::any_of(files_.begin(), files_.end(), [&](const SegmentFile& file) {
      return file.header && file.header->first == attempt.end && file.header->journal == plan_.journal &&
             file.header->root == attempt.tree.root();
    });
  }

  // Three things tell of records beyond the end: the durable end, headers of later segments, heads behind the damage.
  Result<void> find_known_end() {
    plan_.known_end = plan_.end;
    const auto durable = read_durable_end(*sources_[0]);
    if (!durable) return tl::make_unexpected(durable.error());
    if (*durable && (*durable)->journal == plan_.journal) plan_.known_end = std::max(plan_.known_end, (*durable)->end);
    const auto tell = [&](const GivenUp& given_up) { plan_.known_end = std::max(plan_.known_end, given_up.end); };
    return for_each_given_up(sources_, plan_, tell);
  }

  RepairSources sources_;
  std::vector<SegmentFile> files_;
  RepairPlan plan_;
  crypto::MerkleFrontier tree_;
  std::optional<SegmentHeader> header_;  // of the segment in question, where a candidate has it
};

Result<void> copy_piece(ports::Disk& from, const RepairPlan::Piece& piece, ports::File& to) {
  auto reader = SegmentReader::open(from, piece.file);
  if (!reader) return tl::make_unexpected(reader.error());
  for (std::uint64_t done = 0; done < piece.bytes;) {
    const std::uint64_t at = piece.offset + done;
    const auto part = reader->bytes(at, std::min(kCopyBytes, piece.bytes - done));
    if (!part) return tl::make_unexpected(part.error());
    if (auto written = to.write_at(at, *part); !written) return written;
    done += part->size();
  }
  return {};
}

Result<void> write_segment(RepairSources sources, const RepairPlan::Segment& segment, ports::Disk& out) {
  const std::string name = segment_name(segment.header.first);
  auto file = out.create_prefilled(name, segment.header.segment_bytes);
  if (!file) return tl::make_unexpected(file.error());
  if (auto written = (*file)->write_at(0, encode_header(segment.header)); !written) return written;
  for (const RepairPlan::Piece& piece : segment.pieces)
    if (auto copied = copy_piece(*sources[piece.source], piece, **file); !copied) return copied;
  return (*file)->sync_data();
}

}  // namespace

Result<RepairPlan> plan_repair(RepairSources sources) { return Planner(sources).run(); }

Result<void> for_each_given_up(RepairSources sources, const RepairPlan& plan,
                               const std::function<void(const GivenUp&)>& visit) {
  Position next = plan.end;
  const auto pass_to = [&](Position position) {
    if (next < position) visit({next, position, std::nullopt});
    next = std::max(next, position);
  };
  auto files = segment_files(*sources[0], 0);
  if (!files) return tl::make_unexpected(files.error());
  std::erase_if(*files, [&](const SegmentFile& file) { return file.header && file.header->journal != plan.journal; });
  const auto first = [](const SegmentFile& file) { return file.header ? file.header->first : file.named; };
  std::sort(files->begin(), files->end(),
            [&](const SegmentFile& a, const SegmentFile& b) { return first(a) < first(b); });
  for (std::size_t i = 0; i < files->size(); ++i) {
    if (i + 1 < files->size() && first((*files)[i + 1]) <= next) continue;
    auto scan = SegmentScan::open(*sources[0], (*files)[i].name);
    if (!scan) return tl::make_unexpected(scan.error());
    if (scan->header()) pass_to(scan->header()->first);
    for (;;) {
      const auto found = scan->next();
      if (!found) return tl::make_unexpected(found.error());
      if (!*found) break;
      if ((*found)->view.position < next) continue;
      pass_to((*found)->view.position);
      visit({next, next.next(), (*found)->view});
      next = next.next();
    }
  }
  pass_to(plan.known_end);
  return {};
}

Result<void> write_repaired(RepairSources sources, const RepairPlan& plan, ports::Disk& out) {
  for (const RepairPlan::Segment& segment : plan.segments)
    if (auto written = write_segment(sources, segment, out); !written) return written;
  const auto report = verify(out);
  if (!report) return tl::make_unexpected(report.error());
  if (report->problem || report->root != plan.root || report->records != plan.end.value)
    return fail(ErrorCode::io_failed,
                {{"operation", "repair"},
                 {"path", out.describe("")},
                 {"reason", "what was written is not what was read: did a file change meanwhile?"}});
  return {};
}

}  // namespace hub::journal
