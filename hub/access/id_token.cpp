#include "hub/access/id_token.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/registry/strict_parse.hpp"

namespace hub::access {
namespace {

using nlohmann::json;

constexpr std::string_view kRsa = "RS256", kEc = "ES256";
constexpr int kRsaBitsMin = 2048, kRsaBitsMax = 8192;  // weaker ones are not safe, longer ones take long to check
constexpr std::size_t kRsaExponentBytesMax = 4;
constexpr std::size_t kEcBytes = 32;  // of a coordinate, and of each half of a signature
constexpr std::uint8_t kUncompressed = 4;

struct FreeSsl {
  void operator()(BIGNUM* one) const { BN_free(one); }
  void operator()(OSSL_PARAM_BLD* one) const { OSSL_PARAM_BLD_free(one); }
  void operator()(OSSL_PARAM* one) const { OSSL_PARAM_free(one); }
  void operator()(EVP_PKEY_CTX* one) const { EVP_PKEY_CTX_free(one); }
  void operator()(EVP_MD_CTX* one) const { EVP_MD_CTX_free(one); }
  void operator()(ECDSA_SIG* one) const { ECDSA_SIG_free(one); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeSsl>;
using PublicKey = std::shared_ptr<EVP_PKEY>;

tl::unexpected<Error> invalid(std::string reason) {
  return fail(ErrorCode::sign_on_token_invalid, {{"reason", std::move(reason)}});
}

// A JSON object without anything twice.
std::optional<json> object_of(std::string_view text) {
  json out;
  if (!registry::parse_json_strict(text, "", out) || !out.is_object()) return std::nullopt;
  return out;
}

// Empty when it is absent or no text.
std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// A NumericDate (RFC 7519), which may have a fraction.
std::optional<double> seconds_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

Owned<BIGNUM> number_of(const Buffer& bytes) {
  return Owned<BIGNUM>(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

PublicKey make_key(const char* kind, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* made = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  PublicKey key(made, EVP_PKEY_free);
  const Owned<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  return EVP_PKEY_public_check(check.get()) == 1 ? key : nullptr;
}

PublicKey rsa_key(const json& jwk) {
  const auto modulus = from_base64url(text_of(jwk, "n")), exponent = from_base64url(text_of(jwk, "e"));
  if (!modulus || !exponent || exponent->size() > kRsaExponentBytesMax || modulus->size() > kRsaBitsMax / 8)
    return nullptr;
  const auto n = number_of(*modulus), e = number_of(*exponent);
  if (BN_num_bits(n.get()) < kRsaBitsMin) return nullptr;
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return make_key("RSA", builder.get());
}

PublicKey ec_key(const json& jwk) {
  const auto x = from_base64url(text_of(jwk, "x")), y = from_base64url(text_of(jwk, "y"));
  if (text_of(jwk, "crv") != "P-256" || !x || !y || x->size() != kEcBytes || y->size() != kEcBytes) return nullptr;
  Buffer point{kUncompressed};
  append(point, *x);
  append(point, *y);
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return make_key("EC", builder.get());
}

// JWS has the two numbers beside each other (RFC 7518, section 3.4), OpenSSL wants them in DER.
Buffer der_signature(const Buffer& signature) {
  if (signature.size() != 2 * kEcBytes) return {};
  const Owned<ECDSA_SIG> both(ECDSA_SIG_new());
  ECDSA_SIG_set0(both.get(), BN_bin2bn(signature.data(), kEcBytes, nullptr),
                 BN_bin2bn(signature.data() + kEcBytes, kEcBytes, nullptr));
  Buffer out(static_cast<std::size_t>(i2d_ECDSA_SIG(both.get(), nullptr)));
  std::uint8_t* end = out.data();
  i2d_ECDSA_SIG(both.get(), &end);
  return out;
}

bool is_signed(const IdToken& token, EVP_PKEY* key) {
  const Buffer signature = token.algorithm == kEc ? der_signature(token.signature) : token.signature;
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const ByteView text = as_bytes(token.signed_text);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
}

// `aud` is a text or a list; a token for several says in `azp` for whom it was made.
bool is_for(const json& claims, const std::string& client) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return false;
  const bool many = audience->is_array();
  const bool named =
      many ? std::find(audience->begin(), audience->end(), json(client)) != audience->end() : *audience == json(client);
  const bool has_party = claims.contains("azp");
  if (many && audience->size() > 1 && !has_party) return false;
  return named && (!has_party || text_of(claims, "azp") == client);
}

Result<void> check_times(const json& claims, UnixMicros now) {
  const auto expires = seconds_of(claims, "exp"), issued = seconds_of(claims, "iat");
  const double seconds = static_cast<double>(now.value) / kMicrosPerSecond;
  constexpr double kTolerance = static_cast<double>(kClockDifferenceMicros) / kMicrosPerSecond;
  constexpr double kAge = static_cast<double>(kIdTokenAgeMicros) / kMicrosPerSecond;
  if (!expires || !(*expires + kTolerance > seconds)) return invalid("exp: it has expired, or has no time to");
  if (!issued || !(*issued - kTolerance <= seconds))
    return invalid("iat: it is of the future, or has no time of issue");
  if (!(*issued + kAge + kTolerance > seconds)) return invalid("iat: it was issued too long ago");
  if (claims.contains("nbf")) {
    const auto begins = seconds_of(claims, "nbf");
    if (!begins || !(*begins - kTolerance <= seconds)) return invalid("nbf: it is not good yet");
  }
  return {};
}

}  // namespace

std::string to_base64url(ByteView bytes) {
  std::string out = to_base64(bytes);
  out.resize(std::min(out.find('='), out.size()));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<Buffer> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != text.npos) return std::nullopt;
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  return from_base64(padded);
}

Result<IdToken> parse_id_token(std::string_view text) {
  const std::size_t first = text.find('.'), last = text.rfind('.');
  if (text.size() > kIdTokenBytesMax || first == last || text.find('.', first + 1) != last)
    return invalid("it is no signed JWT of three parts and at most " + std::to_string(kIdTokenBytesMax) + " bytes");
  const auto header_bytes = from_base64url(text.substr(0, first));
  const auto claims = from_base64url(text.substr(first + 1, last - first - 1));
  auto signature = from_base64url(text.substr(last + 1));
  const auto header = header_bytes ? object_of(as_text(*header_bytes)) : std::nullopt;
  if (!header || !claims || !signature) return invalid("its parts are no base64url, or its header no JSON object");
  IdToken out;
  out.algorithm = text_of(*header, "alg");
  if (out.algorithm != kRsa && out.algorithm != kEc) return invalid("alg: neither RS256 nor ES256");
  if (header->contains("crit")) return invalid("crit: it asks for what is not known here");
  out.key_id = text_of(*header, "kid");
  out.signed_text = text.substr(0, last);
  out.signature = std::move(*signature);
  out.claims = as_text(*claims);
  return out;
}

Result<SigningKeys> SigningKeys::parse(std::string_view text) {
  const auto set = object_of(text);
  const auto keys = set ? set->find("keys") : json::const_iterator();
  if (!set || keys == set->end() || !keys->is_array() || keys->size() > kSigningKeysMax)
    return invalid("the provider's keys are no JWK set of at most " + std::to_string(kSigningKeysMax));
  SigningKeys out;
  for (const json& jwk : *keys) {
    if (!jwk.is_object()) continue;
    const std::string kind = text_of(jwk, "kty"), use = text_of(jwk, "use"), stated = text_of(jwk, "alg");
    const std::string algorithm(kind == "RSA" ? kRsa : kind == "EC" ? kEc : "");
    if (algorithm.empty() || (!use.empty() && use != "sig") || (!stated.empty() && stated != algorithm)) continue;
    if (PublicKey key = algorithm == kRsa ? rsa_key(jwk) : ec_key(jwk))
      out.keys_.push_back({text_of(jwk, "kid"), algorithm, key});
  }
  return out;
}

EVP_PKEY* SigningKeys::find(const IdToken& token) const {
  const PublicKey* found = nullptr;
  for (const auto& key : keys_) {
    if (key.algorithm != token.algorithm || (!token.key_id.empty() && key.id != token.key_id)) continue;
    if (found != nullptr) return nullptr;  // which of them it is can't be told
    found = &key.key;
  }
  return found == nullptr ? nullptr : found->get();
}

Result<std::string> user_of(const IdToken& token, const SigningKeys& keys, const IdTokenRules& rules, UnixMicros now) {
  EVP_PKEY* key = keys.find(token);
  if (key == nullptr) return invalid("kid: the provider has no such key, or several");
  if (!is_signed(token, key)) return invalid("its signature is wrong");
  const auto claims = object_of(token.claims);
  if (!claims) return invalid("its claims are no JSON object");
  if (text_of(*claims, "iss") != rules.issuer) return invalid("iss: another issuer");
  if (!is_for(*claims, rules.client_id)) return invalid("aud: it was made for somebody else");
  if (auto timely = check_times(*claims, now); !timely) return tl::unexpected(timely.error());
  if (rules.nonce.empty() || text_of(*claims, "nonce") != rules.nonce)
    return invalid("nonce: it is of another sign-on");
  std::string user = text_of(*claims, rules.user_claim.c_str());
  if (user.empty()) return invalid(rules.user_claim + ": it does not say who has signed in");
  return user;
}

}  // namespace hub::access
