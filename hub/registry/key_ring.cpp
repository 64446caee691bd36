#include "hub/registry/key_ring.hpp"

#include <algorithm>

namespace hub::registry {
namespace {

std::vector<Fact> facts_of(std::string_view party, const crypto::KeyId& key) {
  return {{"party", std::string(party)}, {"key", to_hex(key)}};
}

Error not_valid(const CertifiedKey& found, const crypto::KeyId& key, UnixMicros at) {
  Error out{ErrorCode::key_not_active, facts_of(found.party, key)};
  if (found.revoked_at && at >= *found.revoked_at) {
    out.code = ErrorCode::key_revoked;
    out.facts.push_back({"from", format_rfc3339(*found.revoked_at)});
  } else {
    out.facts.push_back({"from", format_rfc3339(found.active_from)});
    out.facts.push_back({"until", format_rfc3339(found.active_until)});
  }
  return out;
}

}  // namespace

Result<void> KeyRing::add(std::string_view credential_text, const crypto::PublicKey& root) {
  const auto credential = read_credential(credential_text, root);
  if (!credential) return tl::unexpected(credential.error());
  return add(*credential);
}

Result<void> KeyRing::add(const Credential& verified) {
  const crypto::KeyId id = verified.key_id();
  if (const auto* revocation = std::get_if<Revocation>(&verified.statement)) {
    bool known = false;
    if (const auto found = keys_.find(id); found != keys_.end()) {
      for (CertifiedKey& key : found->second) {
        if (key.party != revocation->party) continue;
        known = true;
        if (key.revoked_at && *key.revoked_at <= revocation->revoked_at) continue;
        key.revoked_at = revocation->revoked_at;
        key.revocation_text = verified.text;
      }
    }
    return known ? Result<void>() : fail(ErrorCode::key_unknown, facts_of(revocation->party, id));
  }
  const auto& certificate = std::get<Certificate>(verified.statement);
  auto& keys = keys_[id];
  CertifiedKey added{certificate.party,        certificate.key, certificate.active_from,
                     certificate.active_until, std::nullopt,    verified.text, {}};
  for (const CertifiedKey& key : keys) {
    if (key.party != added.party) continue;
    if (key.certificate_text == added.certificate_text) return {};
    added.revocation_text = key.revocation_text;
    added.revoked_at = key.revoked_at;  // a new certificate does not bring a revoked key back
  }
  keys.push_back(std::move(added));
  return {};
}

const CertifiedKey* KeyRing::find(std::string_view party, const crypto::KeyId& key) const {
  const auto found = keys_.find(key);
  if (found == keys_.end()) return nullptr;
  const auto& keys = found->second;
  const auto newest =
      std::find_if(keys.rbegin(), keys.rend(), [&](const CertifiedKey& candidate) { return candidate.party == party; });
  return newest == keys.rend() ? nullptr : &*newest;
}

std::vector<const CertifiedKey*> KeyRing::certificates(std::string_view party, const crypto::KeyId& key) const {
  std::vector<const CertifiedKey*> out;
  if (const auto found = keys_.find(key); found != keys_.end())
    for (const CertifiedKey& candidate : found->second)
      if (candidate.party == party) out.push_back(&candidate);
  return out;
}

Result<const CertifiedKey*> KeyRing::valid(std::string_view party, const crypto::KeyId& key, UnixMicros at) const {
  const CertifiedKey* nearest = nullptr;
  if (const auto found = keys_.find(key); found != keys_.end()) {
    for (const CertifiedKey& candidate : found->second) {
      if (candidate.party != party) continue;
      const bool revoked = candidate.revoked_at && at >= *candidate.revoked_at;
      if (!revoked && at >= candidate.active_from && at < candidate.active_until) return &candidate;
      nearest = &candidate;
    }
  }
  if (nearest == nullptr) return fail(ErrorCode::key_unknown, facts_of(party, key));
  return tl::unexpected(not_valid(*nearest, key, at));
}

}  // namespace hub::registry
