#include "hub/journal/segment_scan.hpp"

#include <algorithm>

namespace hub::journal {

Result<DecodedRecord> decode_at(SegmentReader& reader, std::uint64_t at) {
  const std::uint64_t left = reader.size() - at;
  if (left < kRecordHeaderBytes) return DecodedRecord{};
  auto bytes = reader.bytes(at, kRecordHeaderBytes);
  if (!bytes) return tl::make_unexpected(bytes.error());
  const std::uint64_t announced = announced_bytes(*bytes);
  if (announced <= left) bytes = reader.bytes(at, announced);
  if (!bytes) return tl::make_unexpected(bytes.error());
  DecodedRecord record = decode_record(*bytes);
  if (record.bytes > 0 && record.view.index_in_group > record.view.position.value)
    record.state = RecordState::head_broken;
  return record;
}

Result<std::uint64_t> first_not_zero(SegmentReader& reader, std::uint64_t from) {
  constexpr std::uint64_t kStep = 64 << 10;
  const std::uint64_t end = reader.size() / kRecordAlignment * kRecordAlignment;  // a file that was cut ends anywhere
  while (from < end) {
    const auto bytes = reader.bytes(from, std::min(kStep, end - from));
    if (!bytes) return tl::make_unexpected(bytes.error());
    for (std::size_t i = 0; i < bytes->size(); i += kRecordAlignment)
      if (load_le<std::uint64_t>(bytes->data() + i) != 0) return from + i;
    from += bytes->size();
  }
  return reader.size();
}

Result<std::optional<SegmentHeader>> read_header(SegmentReader& reader) {
  if (reader.size() < kSegmentHeaderBytes) return std::optional<SegmentHeader>();
  const auto bytes = reader.bytes(0, kSegmentHeaderBytes);
  if (!bytes) return tl::make_unexpected(bytes.error());
  return decode_header(*bytes);
}

bool body_fits(const RecordView& record) {
  if (record.erased || record.body_key != 0) return true;
  if (record.body.empty() && record.body_digest == crypto::Digest{}) return true;
  return crypto::sha256(record.body) == record.body_digest;
}

Result<SegmentScan> SegmentScan::open(ports::Disk& disk, const std::string& name) {
  auto reader = SegmentReader::open(disk, name);
  if (!reader) return tl::make_unexpected(reader.error());
  auto header = read_header(*reader);
  if (!header) return tl::make_unexpected(header.error());
  const Position first = *header ? (*header)->first : position_in_name(name).value_or(Position(0));
  return SegmentScan(std::move(*reader), std::move(*header), first);
}

Result<std::optional<SegmentScan::Found>> SegmentScan::next() {
  for (std::uint64_t at = behind_; at < reader_.size(); at += kRecordAlignment) {
    const auto found_at = first_not_zero(reader_, at);
    if (!found_at) return tl::make_unexpected(found_at.error());
    at = *found_at;
    if (at >= reader_.size()) break;
    const auto record = decode_at(reader_, at);
    if (!record) return tl::make_unexpected(record.error());
    const bool head_is_good = record->state == RecordState::whole || record->state == RecordState::body_broken;
    if (!head_is_good || record->view.position < next_) continue;
    if (record->view.position.value - next_.value > (at - behind_) / kRecordHeaderBytes) continue;
    const bool whole = record->state == RecordState::whole && body_fits(record->view);
    next_ = record->view.position.next();
    behind_ = at + record->bytes;
    return std::optional(Found{record->view, at, record->bytes, whole});
  }
  behind_ = reader_.size();
  return std::optional<Found>();
}

}  // namespace hub::journal
