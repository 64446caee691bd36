// One message of every kind with fixed contents, and the fixed keys and documents behind them: what the golden frames
// are made of, and what truncation and round trips start from. Everything here is a constant; any thread.
#pragma once

#include <string>
#include <vector>

#include "hub/crypto/batch.hpp"
#include "hub/wire/bulk.hpp"
#include "hub/wire/delivery.hpp"
#include "hub/wire/receipt.hpp"
#include "hub/wire/report.hpp"
#include "hub/wire/session.hpp"
#include "hub/wire/submit.hpp"

namespace hub::wire::samples {

inline constexpr std::string_view kOrigin = "trung-tam.huyen";
inline constexpr std::string_view kSender = "toa-an.huyen";
inline constexpr UnixMicros kTime{1'710'205'200'123'456};  // 2024-03-12T01:00:00.123456Z

// Seeds 01 02 .. 20 and 21 22 .. 40, in hexadecimal.
crypto::SigningKey signing_key();
crypto::SigningKey root_key();

// A batch of three documents; the last one is for three recipients.
const std::vector<Buffer>& documents();
std::vector<crypto::Digest> batch_leaves();
crypto::BatchClaim batch_claim();

// The record that accepted the last document.
struct SampleRecord {
  Bytes<16> nonce{};
  std::uint8_t kind = 6;
  Buffer metadata;
  std::vector<Buffer> rows;
};
SampleRecord record();
crypto::Digest head_digest_of(const SampleRecord& record);
std::vector<crypto::Digest> row_leaves(const SampleRecord& record);
crypto::Digest leaf(const crypto::Digest& head, ByteView document, const crypto::Digest& outcome_root);

std::string certificate_statement();
std::string certificate();

struct Sample {
  std::string name, about;
  Buffer frame;
};
std::vector<Sample> frames();

}  // namespace hub::wire::samples
