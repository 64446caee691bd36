#include "hub/journal/verify.hpp"

#include "hub/journal/segment_scan.hpp"
#include "hub/journal/walk.hpp"

namespace hub::journal {
namespace {

constexpr std::uint64_t kRecordsPerReport = 1024;

std::string fact(const Error& error, std::string_view name) {
  for (const Fact& f : error.facts)
    if (f.name == name) return f.value;
  return {};
}

}  // namespace

Result<VerifyReport> verify(ports::Disk& disk, const VerifyProgress& progress) {
  VerifyReport report;
  Walked walked;
  const auto visit = [&](const RecordView& record, const Place& place) -> Result<void> {
    if (!body_fits(record))
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
  const auto read = for_each_record(disk, visit, &walked);
  if (!read && read.error().code != ErrorCode::journal_damaged) return tl::make_unexpected(read.error());
  if (!read)
    report.problem = {fact(read.error(), "file"), std::stoull(fact(read.error(), "offset")),
                      fact(read.error(), "reason")};
  report.journal = walked.journal;
  report.segments = walked.segments.size();
  report.root = walked.tree.root();
  if (!report.problem) report.torn_tail_bytes = walked.torn_to - walked.tail;
  return report;
}

}  // namespace hub::journal
