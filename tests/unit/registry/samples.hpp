// Keys and documents for tests.
#pragma once

#include <nlohmann/json.hpp>

#include "hub/crypto/keys.hpp"
#include "hub/registry/document.hpp"

namespace hub::registry {

inline crypto::SigningKey signing_key(std::uint8_t seed) {
  Bytes<32> bytes{};
  bytes.fill(seed);
  return crypto::SigningKey::from_seed(bytes);
}

inline DocumentFields sample_fields() {
  DocumentFields out;
  out.id = *parse_uuid("0f8fad5b-d9cb-469f-a165-70867728950e");
  out.source = "toa-an.huyen";
  out.type = "trial-result-report/1";
  out.subject = "Báo cáo kết quả xét xử";
  out.time = *parse_rfc3339("2024-03-12T01:00:00Z");
  out.to = "btg.huyen";
  out.salt = Bytes<16>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  out.data = nlohmann::json::to_msgpack(
      {{"judgment_no", "07/2024/HS-ST"}, {"judgment_date", "2024-03-20"}, {"outcome", "Tuyên án."}});
  return out;
}

}  // namespace hub::registry
