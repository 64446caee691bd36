// Credentials: statements that a party's root key makes about its signing keys. A hub that is taken over can't make
// one, so it can't forge a notice.
//
// A credential is canonical JSON {"signature":base64,"statement":{...}}. The Ed25519 signature covers
// "coordination-hub credential v1\n" and the statement's canonical JSON:
//   {"active_from":time,"active_until":time,"key":base64,"party":id,"statement":"certificate"}
//   {"key_id":hex,"party":id,"reason":text,"revoked_at":time,"statement":"revocation"}
// A certified key is active from `active_from` until just before `active_until`; a revoked one is not valid from
// `revoked_at` on. Times are RFC 3339 as format_rfc3339 writes them.
#pragma once

#include <string>
#include <variant>

#include "hub/base/time.hpp"
#include "hub/crypto/keys.hpp"

namespace hub::registry {

struct Certificate {
  std::string party;
  crypto::PublicKey key{};
  UnixMicros active_from, active_until;
};

struct Revocation {
  std::string party;
  crypto::KeyId key_id{};
  UnixMicros revoked_at;
  std::string reason;
};

using Statement = std::variant<Certificate, Revocation>;

struct Credential {
  Statement statement;
  std::string text;  // canonical, with the signature
  const std::string& party() const {
    return std::visit([](const auto& s) -> const std::string& { return s.party; }, statement);
  }
  crypto::KeyId key_id() const;
};

// The credential's text.
std::string sign_credential(const Statement& statement, const crypto::SigningKey& root);

// Without checking the signature: to learn whose root key it needs. certificate_invalid (reason).
Result<Credential> read_credential(std::string_view text);
// certificate_invalid (reason) when it is no credential or `root` didn't sign it.
Result<Credential> read_credential(std::string_view text, const crypto::PublicKey& root);

}  // namespace hub::registry
