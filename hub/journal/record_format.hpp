// The bytes of a journal record, version 1. Final: a change is a new version beside this one.
//
// All integers little-endian. A record starts at a multiple of 8 in its segment file.
//
//    0  u32  head CRC32C, of bytes 4..119 and the metadata
//    4  u8   format version, 1
//    5  u8   kind; what kinds mean is the broker's matter
//    6  u16  zero
//    8  u32  metadata length
//   12  u32  body length
//   16  u64  position
//   24  i64  time, microseconds since 1970-01-01 UTC
//   32  u32  index in its group: position - index is the group's first position
//   36  u32  body key: 0, the body is stored as it is; else AES-256-GCM under the storage key of that number: IV the first
//            12 bytes of the nonce, additional data the body digest, the tag of 16 bytes behind the ciphertext
//   40  16   nonce
//   56  32   body digest: SHA-256 of the body as sent, zeros without a body
//   88  32   outcome root: RFC 6962 root over the outcome rows, zeros without
//  120  u32  body state: 0 present, 0x45524153 ("SARE") erased; outside the head CRC, as erasing changes it
//  124  u32  body CRC32C, of the stored bytes, encrypted or not; outside the head CRC
//  128       metadata, body, zeros to a multiple of 8
//
// The head digest is SHA-256(nonce ‖ version ‖ kind ‖ time ‖ metadata); the leaf of a record is
// SHA-256(0x00 ‖ 0x01 ‖ head digest ‖ body digest ‖ outcome root): bodies can be erased, and proofs hold.
#pragma once

#include "hub/base/bytes.hpp"
#include "hub/base/strong.hpp"
#include "hub/base/time.hpp"
#include "hub/crypto/digest.hpp"

namespace hub::journal {

constexpr std::uint8_t kRecordVersion = 1;
constexpr std::size_t kRecordHeaderBytes = 128;
constexpr std::size_t kRecordAlignment = 8;
constexpr std::size_t kRecordOverheadBytes = kRecordHeaderBytes + kRecordAlignment;  // at most, beside metadata and body
constexpr std::size_t kBodyTagBytes = 16;  // by which an encrypted body is longer
constexpr std::uint32_t kBodyPresent = 0;
constexpr std::uint32_t kBodyErased = 0x45524153;

// A record as it is handed to the journal.
struct NewRecord {
  std::uint8_t kind = 0;
  UnixMicros time;
  Bytes<16> nonce{};
  ByteView metadata, body;     // the body as it is stored
  std::uint32_t body_key = 0;  // that it is encrypted with
  crypto::Digest body_digest{}, outcome_root{};
};

// A record as it is read; the views live as long as what they were read from.
struct RecordView {
  std::uint8_t kind = 0;
  Position position;
  UnixMicros time;
  std::uint32_t index_in_group = 0;
  std::uint32_t body_key = 0;
  Bytes<16> nonce{};
  crypto::Digest body_digest{}, outcome_root{};
  bool erased = false;
  std::uint32_t body_bytes = 0;  // as stored, erased or not
  ByteView metadata, body;       // no body when it is erased
};

// Of the body as it was sent.
inline std::uint32_t sent_body_bytes(const RecordView& r) {
  if (r.body_key == 0) return r.body_bytes;
  return r.body_bytes < kBodyTagBytes ? 0 : r.body_bytes - static_cast<std::uint32_t>(kBodyTagBytes);
}

crypto::Digest head_digest(const Bytes<16>& nonce, std::uint8_t kind, UnixMicros time, ByteView metadata);
crypto::Digest leaf_of(const crypto::Digest& head, const crypto::Digest& body_digest,
                       const crypto::Digest& outcome_root);
inline crypto::Digest leaf_of(const RecordView& r) {
  return leaf_of(head_digest(r.nonce, r.kind, r.time, r.metadata), r.body_digest, r.outcome_root);
}

}  // namespace hub::journal
