#include "hub/journal/verify.hpp"

#include "hub/journal/segment_format.hpp"
#include "hub/journal/segment_scan.hpp"
#include "hub/journal/snapshot_file.hpp"
#include "hub/journal/walk.hpp"

namespace hub::journal {
namespace {

constexpr std::uint64_t kRecordsPerReport = 1024;

enum class BodyFinding { fits, wrong, locked };

BodyFinding check_body(const RecordView& record, const OpenBody& open, Buffer& scratch) {
  if (record.erased || record.body_key == 0) return body_fits(record) ? BodyFinding::fits : BodyFinding::wrong;
  if (!open) return BodyFinding::locked;
  const Result<ByteView> body = open(record, scratch);
  if (!body) return body.error().code == ErrorCode::journal_damaged ? BodyFinding::wrong : BodyFinding::locked;
  return crypto::sha256(*body) == record.body_digest ? BodyFinding::fits : BodyFinding::wrong;
}

// The snapshots that can be read, held against the tree as it grows.
class SnapshotCheck {
 public:
  static Result<SnapshotCheck> of(ports::Disk& disk, VerifyReport& report) {
    const auto there = snapshots_in(disk);
    if (!there) return tl::make_unexpected(there.error());
    SnapshotCheck out(disk, report);
    for (const Position position : *there) {
      if (const auto snapshot = read_snapshot(disk, position); snapshot && !snapshot->state_fits()) {
        out.wrong(position, kStateUnfit);
      } else if (snapshot) {
        out.waiting_.push_back(snapshot->head.known());
      } else {
        out.wrong(position, snapshot.error());
      }
    }
    return out;
  }

  void reached(const Walked& walked) {
    for (; !waiting_.empty() && waiting_.back().end == walked.end; waiting_.pop_back()) {
      if (waiting_.back().journal != walked.journal) {
        wrong(walked.end, "it is of another journal");
      } else if (waiting_.back().root != walked.tree.root()) {
        wrong(walked.end, "it is of another past of this journal");
      } else {
        ++report_.snapshots;
      }
    }
  }
  void finish(const Walked& walked) {
    reached(walked);
    for (const KnownPoint& ahead : waiting_) wrong(ahead.end, "the journal ends before it");
  }

 private:
  SnapshotCheck(ports::Disk& disk, VerifyReport& report) : disk_(disk), report_(report) {}
  void wrong(Position position, std::string reason) {
    report_.wrong.push_back({disk_.describe(snapshot_name(position)), std::move(reason)});
  }

  ports::Disk& disk_;
  VerifyReport& report_;
  std::vector<KnownPoint> waiting_;  // the first one last
};

void tell_indexes(const ports::Disk& disk, const FoundIndexes& found, VerifyReport& report) {
  report.indexes = found.good;
  report.missing_indexes = found.missing.size() - found.wrong.size();
  for (const std::string& name : found.wrong)
    report.wrong.push_back({disk.describe(name), "it does not fit its segment"});
}

}  // namespace

Result<VerifyReport> verify(ports::Disk& disk, const VerifyProgress& progress, const OpenBody& open) {
  Buffer scratch;
  VerifyReport report;
  Walked walked;
  auto snapshots = SnapshotCheck::of(disk, report);
  if (!snapshots) return tl::make_unexpected(snapshots.error());
  const auto visit = [&](const RecordView& record, const Place& place) -> Result<void> {
    snapshots->reached(walked);
    const BodyFinding finding = check_body(record, open, scratch);
    if (finding == BodyFinding::locked) ++report.locked_bodies;
    if (finding == BodyFinding::wrong)
      return damaged(disk, walked.segments[place.segment].name, place.offset, "the body does not fit its digest");
    ++report.records;
    if (record.erased) ++report.erased_bodies;
    if (!record.body.empty()) ++report.bodies;
    if (!report.first_time) report.first_time = record.time;
    report.last_time = record.time;
    if (progress && report.records % kRecordsPerReport == 0) {
      const double in_segment =
          static_cast<double>(place.offset) / static_cast<double>(walked.segments[place.segment].bytes);
      progress((static_cast<double>(place.segment) + in_segment) / static_cast<double>(walked.segments.size()));
    }
    return {};
  };
  const auto read = for_each_record(disk, visit, &walked, {}, Away::passed_over);
  if (!read && read.error().code != ErrorCode::journal_damaged) return tl::make_unexpected(read.error());
  if (!read)
    report.problem = {read.error().fact("file"), std::stoull(read.error().fact("offset")),
                      read.error().fact("reason")};
  report.journal = walked.journal;
  report.segments = walked.segments.size();
  for (const FoundSegment& segment : walked.segments) report.away += segment.away;
  report.root = walked.tree.root();
  tell_indexes(disk, walked.indexes, report);
  if (report.problem) return report;
  snapshots->finish(walked);
  report.torn_tail_bytes = walked.torn_to - walked.tail;
  return report;
}

}  // namespace hub::journal
