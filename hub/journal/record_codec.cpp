#include "hub/journal/record_codec.hpp"

#include <algorithm>

namespace hub::journal {
namespace {

struct RecordField {  // where it begins in the header
  static constexpr std::size_t kVersion = 4, kKind = 5, kZero = 6, kMetadataBytes = 8, kBodyBytes = 12, kPosition = 16,
                               kTime = 24, kIndexInGroup = 32, kBodyKey = 36, kNonce = 40, kBodyDigest = 56,
                               kOutcomeRoot = 88, kHeadEnd = 120, kBodyState = 120, kBodyCrc = 124;
};
static_assert(RecordField::kBodyCrc + sizeof(std::uint32_t) == kRecordHeaderBytes);

std::uint32_t head_crc(const std::uint8_t* record, std::size_t metadata_bytes) {
  const std::uint32_t of_header =
      crypto::crc32c(ByteView(record + RecordField::kVersion, RecordField::kHeadEnd - RecordField::kVersion));
  return crypto::crc32c(ByteView(record + kRecordHeaderBytes, metadata_bytes), of_header);
}

RecordState check_body_crc(const std::uint8_t* record, ByteView stored_body) {
  const auto state = load_le<std::uint32_t>(record + RecordField::kBodyState);
  if (state == kBodyErased) return RecordState::whole;
  const bool good =
      state == kBodyPresent && crypto::crc32c(stored_body) == load_le<std::uint32_t>(record + RecordField::kBodyCrc);
  return good ? RecordState::whole : RecordState::body_broken;
}

}  // namespace

crypto::Digest head_digest(const Bytes<16>& nonce, std::uint8_t kind, UnixMicros time, ByteView metadata) {
  Bytes<26> fixed_part;
  std::memcpy(fixed_part.data(), nonce.data(), nonce.size());
  fixed_part[16] = kRecordVersion;
  fixed_part[17] = kind;
  store_le(fixed_part.data() + 18, time.value);
  return crypto::Sha256().add(fixed_part).add(metadata).finish();
}

Bytes<kLeafDataBytes> leaf_data(const RecordView& record) {
  const crypto::Digest head = head_digest(record.nonce, record.kind, record.time, record.metadata);
  Bytes<kLeafDataBytes> out;
  out[0] = 0x01;
  std::memcpy(out.data() + 1, head.data(), 32);
  std::memcpy(out.data() + 33, record.body_digest.data(), 32);
  std::memcpy(out.data() + 65, record.outcome_root.data(), 32);
  return out;
}

crypto::Digest leaf_of(const crypto::Digest& head, const crypto::Digest& body_digest,
                       const crypto::Digest& outcome_root) {
  Bytes<98> data;
  data[0] = 0x00;
  data[1] = 0x01;
  std::memcpy(data.data() + 2, head.data(), 32);
  std::memcpy(data.data() + 34, body_digest.data(), 32);
  std::memcpy(data.data() + 66, outcome_root.data(), 32);
  return crypto::sha256(data);
}

crypto::Digest encode_record(const NewRecord& record, Position position, std::uint32_t index_in_group,
                             std::uint8_t* to) {
  const std::size_t used = kRecordHeaderBytes + record.metadata.size() + record.body.size();
  to[RecordField::kVersion] = kRecordVersion;
  to[RecordField::kKind] = record.kind;
  store_le<std::uint16_t>(to + RecordField::kZero, 0);
  store_le(to + RecordField::kMetadataBytes, static_cast<std::uint32_t>(record.metadata.size()));
  store_le(to + RecordField::kBodyBytes, static_cast<std::uint32_t>(record.body.size()));
  store_le(to + RecordField::kPosition, position.value);
  store_le(to + RecordField::kTime, record.time.value);
  store_le(to + RecordField::kIndexInGroup, index_in_group);
  store_le(to + RecordField::kBodyKey, record.body_key);
  std::memcpy(to + RecordField::kNonce, record.nonce.data(), record.nonce.size());
  std::memcpy(to + RecordField::kBodyDigest, record.body_digest.data(), record.body_digest.size());
  std::memcpy(to + RecordField::kOutcomeRoot, record.outcome_root.data(), record.outcome_root.size());
  store_le(to + RecordField::kBodyState, kBodyPresent);
  store_le(to + RecordField::kBodyCrc, crypto::crc32c(record.body));
  std::copy(record.metadata.begin(), record.metadata.end(), to + kRecordHeaderBytes);
  std::copy(record.body.begin(), record.body.end(), to + kRecordHeaderBytes + record.metadata.size());
  std::fill(to + used, to + record_bytes(record.metadata.size(), record.body.size()), std::uint8_t{0});
  store_le(to, head_crc(to, record.metadata.size()));
  return head_digest(record.nonce, record.kind, record.time, record.metadata);
}

std::string_view text(RecordState state) {
  switch (state) {
    case RecordState::whole:
      return "the record is whole";
    case RecordState::empty:
      return "there is no record";
    case RecordState::cut:
      return "the record's lengths reach beyond the segment";
    case RecordState::head_broken:
      return "the checksum of the record's head is wrong";
    case RecordState::version_unknown:
      return "the record has a format version that this program does not know";
    case RecordState::body_broken:
      return "the checksum of the record's body is wrong";
  }
  return "";
}

std::uint64_t announced_bytes(ByteView bytes) {
  return record_bytes(load_le<std::uint32_t>(bytes.data() + RecordField::kMetadataBytes),
                      load_le<std::uint32_t>(bytes.data() + RecordField::kBodyBytes));
}

DecodedRecord decode_record(ByteView bytes) {
  const std::uint8_t* record = bytes.data();
  const auto header = bytes.first(kRecordHeaderBytes);
  if (std::all_of(header.begin(), header.end(), [](std::uint8_t b) { return b == 0; })) return {};
  DecodedRecord out;
  out.bytes = announced_bytes(bytes);
  if (out.bytes > bytes.size()) return {RecordState::cut, {}, 0};
  const auto metadata_bytes = load_le<std::uint32_t>(record + RecordField::kMetadataBytes);
  if (head_crc(record, metadata_bytes) != load_le<std::uint32_t>(record)) return {RecordState::head_broken, {}, 0};
  if (record[RecordField::kVersion] != kRecordVersion || load_le<std::uint16_t>(record + RecordField::kZero) != 0)
    return {RecordState::version_unknown, {}, 0};
  const ByteView stored_body =
      bytes.subspan(kRecordHeaderBytes + metadata_bytes, load_le<std::uint32_t>(record + RecordField::kBodyBytes));
  out.state = check_body_crc(record, stored_body);
  out.view = view_record(record);
  return out;
}

RecordView view_record(const std::uint8_t* record) {
  const auto metadata_bytes = load_le<std::uint32_t>(record + RecordField::kMetadataBytes);
  RecordView view;
  view.kind = record[RecordField::kKind];
  view.position = Position(load_le<std::uint64_t>(record + RecordField::kPosition));
  view.time = UnixMicros(load_le<std::int64_t>(record + RecordField::kTime));
  view.index_in_group = load_le<std::uint32_t>(record + RecordField::kIndexInGroup);
  view.body_key = load_le<std::uint32_t>(record + RecordField::kBodyKey);
  std::memcpy(view.nonce.data(), record + RecordField::kNonce, view.nonce.size());
  std::memcpy(view.body_digest.data(), record + RecordField::kBodyDigest, view.body_digest.size());
  std::memcpy(view.outcome_root.data(), record + RecordField::kOutcomeRoot, view.outcome_root.size());
  view.erased = load_le<std::uint32_t>(record + RecordField::kBodyState) == kBodyErased;
  view.metadata = ByteView(record + kRecordHeaderBytes, metadata_bytes);
  view.body_bytes = load_le<std::uint32_t>(record + RecordField::kBodyBytes);
  if (!view.erased) view.body = ByteView(record + kRecordHeaderBytes + metadata_bytes, view.body_bytes);
  return view;
}

}  // namespace hub::journal
