#include "hub/crypto/batch.hpp"

#include "hub/base/check.hpp"

namespace hub::crypto {
namespace {

constexpr std::string_view kDomain = "coordination-hub batch v1\n";

void append_short(Buffer& out, std::string_view text) {
  HUB_CHECK(text.size() <= UINT8_MAX);
  out.push_back(static_cast<std::uint8_t>(text.size()));
  append(out, as_bytes(text));
}

}  // namespace

Buffer batch_signed_text(const BatchClaim& claim) {
  Buffer out;
  out.reserve(256);
  append(out, as_bytes(kDomain));
  append_short(out, claim.origin);
  append_short(out, claim.sender);
  append(out, claim.key);
  append_le(out, claim.count);
  append(out, claim.root);
  return out;
}

Digest envelope_digest(ByteView signed_text, const Signature& signature) {
  return Sha256().add(signed_text).add(signature).finish();
}

}  // namespace hub::crypto
