// A record to its bytes and back (record_format.hpp). Pure functions; views borrow from the bytes given.
#pragma once

#include <string_view>

#include "hub/journal/record_format.hpp"

namespace hub::journal {

// What a record takes in its file, padding included. 64 bits: announced lengths may add up to more than 4 GiB.
constexpr std::uint64_t record_bytes(std::uint64_t metadata_bytes, std::uint64_t body_bytes) {
  const std::uint64_t bytes = kRecordHeaderBytes + metadata_bytes + body_bytes;
  return (bytes + kRecordAlignment - 1) / kRecordAlignment * kRecordAlignment;
}

// Writes a record, padding included, to record_bytes() bytes at `to`. Returns its head digest.
crypto::Digest encode_record(const NewRecord& record, Position position, std::uint32_t index_in_group,
                             std::uint8_t* to);

// What a record's leaf is the RFC 6962 hash of: an entry of the log. Digests alone.
constexpr std::size_t kLeafDataBytes = 97;
Bytes<kLeafDataBytes> leaf_data(const RecordView& record);

// What stands at a place where a record may stand.
enum class RecordState {
  whole,
  empty,            // a header of zeros: nothing was written here
  cut,              // its announced lengths reach beyond the bytes that there are
  head_broken,      // the head's CRC is wrong
  version_unknown,  // the head's CRC is right, its version is not ours: a newer hub wrote it
  body_broken,      // the head is good, the body is not
};
std::string_view text(RecordState state);

struct DecodedRecord {
  RecordState state = RecordState::empty;
  RecordView view;          // with whole and body_broken
  std::uint64_t bytes = 0;  // with whole and body_broken
};

// The announced size of the record whose header begins `bytes` (at least a header's length).
std::uint64_t announced_bytes(ByteView bytes);
// The record at the start of `bytes`, which hold a header at least.
DecodedRecord decode_record(ByteView bytes);
// The same of bytes that this process encoded and kept: nothing is checked.
RecordView view_record(const std::uint8_t* record);

}  // namespace hub::journal
