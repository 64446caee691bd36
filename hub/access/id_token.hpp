// ID tokens (OpenID Connect Core 1.0, section 2): what a provider signs to say who has signed in, for whom and until when.
// RS256 and ES256 alone, by OpenSSL; what a token says of its own algorithm picks among keys of that kind and nothing else.
//
// Pure: keys, rules and time are the caller's. Every failure is sign_on_token_invalid (reason) unless something else is said.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"
#include "hub/base/time.hpp"

struct evp_pkey_st;

namespace hub::access {

constexpr std::size_t kIdTokenBytesMax = 16 << 10;
constexpr std::size_t kSigningKeysMax = 64;
constexpr std::int64_t kClockDifferenceMicros = 60 * kMicrosPerSecond;  // between the provider's clock and ours
constexpr std::int64_t kIdTokenAgeMicros = 10 * 60 * kMicrosPerSecond;  // it was made for this very sign-on

// A JWT in its parts, of which nothing is true yet.
struct IdToken {
  std::string algorithm;  // RS256, ES256
  std::string key_id;     // may be empty
  std::string signed_text;
  Buffer signature;
  std::string claims;  // JSON
};
Result<IdToken> parse_id_token(std::string_view text);

// A provider's public keys (RFC 7517). Those of other kinds or for other uses are passed over.
class SigningKeys {
 public:
  // sign_on_token_invalid when it is no set of keys.
  static Result<SigningKeys> parse(std::string_view json);
  // That of the token's name and kind; of a token without a name the only one of its kind. nullptr: none.
  evp_pkey_st* find(const IdToken& token) const;

 private:
  struct Key {
    std::string id, algorithm;
    std::shared_ptr<evp_pkey_st> key;
  };
  std::vector<Key> keys_;
};

struct IdTokenRules {
  std::string issuer, client_id;
  std::string nonce;       // that this very sign-on was begun with
  std::string user_claim;  // which claim is the name
};
// The name, once signature and claims are right (section 3.1.3.7).
Result<std::string> user_of(const IdToken& token, const SigningKeys& keys, const IdTokenRules& rules, UnixMicros now);

// RFC 4648 section 5 without padding.
std::string to_base64url(ByteView bytes);
std::optional<Buffer> from_base64url(std::string_view text);

}  // namespace hub::access
