#include "hub/journal/inspect.hpp"

#include <algorithm>

#include "hub/journal/segment_scan.hpp"

namespace hub::journal {
namespace {

constexpr std::string_view kUnfinished = ".tmp";

Result<InspectedSegment> inspect_segment(ports::Disk& disk, const std::string& name,
                                         std::array<std::uint64_t, 256>& kinds) {
  auto scan = SegmentScan::open(disk, name);
  if (!scan) return tl::make_unexpected(scan.error());
  InspectedSegment out;
  out.name = name;
  out.bytes = scan->size();
  out.header = scan->header();
  out.used_bytes = std::min<std::uint64_t>(out.bytes, kSegmentHeaderBytes);
  for (;;) {
    const auto found = scan->next();
    if (!found) return tl::make_unexpected(found.error());
    if (!*found) return out;
    const RecordView& view = (*found)->view;
    ++out.records;
    if ((*found)->whole) ++out.whole;
    ++kinds[view.kind];
    if (!out.first) out.first = view.position;
    if (!out.first_time) out.first_time = view.time;
    out.last = view.position;
    out.last_time = view.time;
    out.used_bytes = (*found)->offset + (*found)->bytes;
  }
}

std::string number(std::uint64_t value) { return std::to_string(value); }

void check_head(const ByteView& bytes, std::uint64_t left, const std::optional<SegmentHeader>& header,
                const DecodedRecord& record, ExaminedRecord& out) {
  const std::uint64_t announced = announced_bytes(bytes);
  const bool fits = announced <= left;
  out.checks.push_back(
      {"the lengths stay inside the segment", fits, number(announced) + " of " + number(left) + " bytes"});
  if (!fits) return;
  const bool head = record.state != RecordState::head_broken;
  out.checks.push_back({"checksum of head and metadata", head, head ? "fits" : "wrong"});
  if (!head) return;
  const bool version = record.state != RecordState::version_unknown;
  out.checks.push_back({"format version", version, version ? number(kRecordVersion) : "unknown to this program"});
  if (!version) return;
  const RecordView& view = record.view;
  const bool position = header && view.position >= header->first;
  out.checks.push_back(
      {"position lies in the segment", position,
       number(view.position.value) +
           (header ? ", the segment begins with " + number(header->first.value) : ", the segment's header is broken")});
  const bool body = record.state == RecordState::whole;
  out.checks.push_back({"checksum of the body", body, view.erased ? "erased" : body ? "fits" : "wrong"});
  const bool digest = body && body_fits(view);
  out.checks.push_back({"digest of the body", digest,
                        view.erased          ? "erased"
                        : view.body_key != 0 ? "under a key of its own"
                        : digest             ? "fits"
                                             : "another"});
  out.bytes = record.bytes;
}

}  // namespace

Result<Inspection> inspect(ports::Disk& disk, const VerifyProgress& progress) {
  Inspection out;
  auto verified = verify(disk, progress);
  if (!verified) return tl::make_unexpected(verified.error());
  out.verified = std::move(*verified);
  const auto names = disk.list();
  if (!names) return tl::make_unexpected(names.error());
  for (const std::string& name : *names) {
    if (name.ends_with(kUnfinished)) out.unfinished.push_back(name);
    if (name == kSpareName) {
      auto spare = SegmentReader::open(disk, name);
      if (!spare) return tl::make_unexpected(spare.error());
      out.spare_bytes = spare->size();
    }
    if (!position_in_name(name)) continue;
    auto segment = inspect_segment(disk, name, out.kinds);
    if (!segment) return tl::make_unexpected(segment.error());
    out.segments.push_back(std::move(*segment));
  }
  auto durable = read_durable_end(disk);
  if (!durable) return tl::make_unexpected(durable.error());
  out.durable_end = *durable;
  return out;
}

Result<RecordPlace> find_record(ports::Disk& disk, Position position) {
  const auto names = disk.list();
  if (!names) return tl::make_unexpected(names.error());
  std::string name;
  for (const std::string& candidate : *names)
    if (const auto first = position_in_name(candidate); first && *first <= position) name = candidate;
  if (name.empty()) return fail(ErrorCode::record_unknown);
  auto scan = SegmentScan::open(disk, name);
  if (!scan) return tl::make_unexpected(scan.error());
  for (;;) {
    const auto found = scan->next();
    if (!found) return tl::make_unexpected(found.error());
    if (!*found || (*found)->view.position > position) return fail(ErrorCode::record_unknown);
    if ((*found)->view.position == position) return RecordPlace{name, (*found)->offset};
  }
}

Result<ExaminedRecord> examine_record(ports::Disk& disk, const RecordPlace& place) {
  auto reader = SegmentReader::open(disk, place.name);
  if (!reader) return tl::make_unexpected(reader.error());
  const auto header = read_header(*reader);
  if (!header) return tl::make_unexpected(header.error());
  ExaminedRecord out;
  out.file = disk.describe(place.name);
  out.offset = place.offset;
  const bool inside = place.offset >= kSegmentHeaderBytes && place.offset % kRecordAlignment == 0 &&
                      place.offset < reader->size() && reader->size() - place.offset >= kRecordHeaderBytes;
  if (!inside)
    return fail(
        ErrorCode::io_failed,
        {{"operation", "read"}, {"path", out.file}, {"reason", "no record can stand at byte " + number(place.offset)}});
  const std::uint64_t left = reader->size() - place.offset;
  const auto head = reader->bytes(place.offset, kRecordHeaderBytes);
  if (!head) return tl::make_unexpected(head.error());
  const auto bytes =
      reader->bytes(place.offset, std::min(left, std::max<std::uint64_t>(announced_bytes(*head), kRecordHeaderBytes)));
  if (!bytes) return tl::make_unexpected(bytes.error());
  out.stored.assign(bytes->begin(), bytes->end());
  DecodedRecord record = decode_record(out.stored);
  const bool something = record.state != RecordState::empty;
  out.checks.push_back({"something was written here", something, something ? "yes" : "zeros"});
  if (something) check_head(out.stored, left, *header, record, out);
  if (record.bytes > 0) out.view = record.view;
  return out;
}

}  // namespace hub::journal
