#include "hub/access/id_token.hpp"

#include <openssl/hmac.h>

#include <catch2/catch.hpp>

#include "tests/unit/access/signing_key.hpp"

namespace hub::access {
namespace {

using nlohmann::json;
using test::SigningKey;

constexpr std::int64_t kNow = 1'710'205'200;
const IdTokenRules kRules{"https://id.example/realm", "hub", "nonce-1", "preferred_username"};

json good_claims() {
  return {{"iss", kRules.issuer}, {"aud", "hub"}, {"sub", "17"}, {"exp", kNow + 300}, {"iat", kNow - 5},
          {"nonce", "nonce-1"}, {"preferred_username", "van-thu.ubnd"}};
}

SigningKeys keys_of(const std::vector<json>& jwks) { return SigningKeys::parse(json{{"keys", jwks}}.dump()).value(); }

Result<std::string> user_at(const std::string& text, const SigningKeys& keys, std::int64_t seconds = kNow) {
  const auto token = parse_id_token(text);
  if (!token) return tl::unexpected(token.error());
  return user_of(*token, keys, kRules, UnixMicros(seconds * kMicrosPerSecond));
}

// Where the reason of a refusal begins.
bool refused_for(const std::string& text, const SigningKeys& keys, const std::string& reason, std::int64_t seconds = kNow) {
  const auto user = user_at(text, keys, seconds);
  CAPTURE(text, reason, user ? *user : user.error().fact("reason"));
  return !user && user.error().code == ErrorCode::sign_on_token_invalid && user.error().fact("reason").starts_with(reason);
}

const SigningKey& rsa() {
  static const SigningKey key = SigningKey::rsa("rsa-1");
  return key;
}
const SigningKey& ec() {
  static const SigningKey key = SigningKey::ec("ec-1");
  return key;
}
SigningKeys both() { return keys_of({rsa().jwk(), ec().jwk()}); }

json with(const char* name, const json& value) {
  json claims = good_claims();
  if (value.is_null()) {
    claims.erase(name);
  } else {
    claims[name] = value;
  }
  return claims;
}

}  // namespace

TEST_CASE("a token signed by either algorithm names its user") {
  CHECK(user_at(rsa().sign(good_claims()), both()).value() == "van-thu.ubnd");
  CHECK(user_at(ec().sign(good_claims()), both()).value() == "van-thu.ubnd");
  CHECK(user_at(ec().sign(good_claims(), {{"alg", "ES256"}}), both()).value() == "van-thu.ubnd");  // the only one of its kind
  CHECK(user_at(ec().sign(with("aud", {"hub"})), both()).has_value());
  json several = with("aud", {"other", "hub"});
  several["azp"] = "hub";
  CHECK(user_at(ec().sign(several), both()).has_value());
}

TEST_CASE("each claim that is wrong or absent refuses the token by itself") {
  const SigningKeys keys = both();
  const auto refused = [&](const json& claims, const char* reason) { return refused_for(ec().sign(claims), keys, reason); };
  for (const json& issuer : {json("https://id.example/realm/"), json("https://evil.example"), json(), json(7)})
    CHECK(refused(with("iss", issuer), "iss"));
  for (const json& audience : {json("other"), json("hub2"), json(), json::array(), json({"other"}), json({"other", "hub"})})
    CHECK(refused(with("aud", audience), "aud"));
  CHECK(refused(with("azp", "other"), "aud"));
  for (const json& nonce : {json("nonce-2"), json(""), json()}) CHECK(refused(with("nonce", nonce), "nonce"));
  for (const json& user : {json(""), json(), json(5)}) CHECK(refused(with("preferred_username", user), "preferred_username"));
  for (const json& time : {json(), json("soon")}) {
    CHECK(refused(with("exp", time), "exp"));
    CHECK(refused(with("iat", time), "iat"));
  }
  CHECK(refused(with("nbf", kNow + 61), "nbf"));
}

TEST_CASE("times are held within a minute's difference of the clocks") {
  const SigningKeys keys = both();
  const auto at = [&](const json& claims) { return user_at(ec().sign(claims), keys).has_value(); };
  CHECK(at(with("exp", kNow - 59)));
  CHECK_FALSE(at(with("exp", kNow - 60)));
  CHECK(at(with("iat", kNow + 60)));
  CHECK_FALSE(at(with("iat", kNow + 61)));
  CHECK(at(with("iat", kNow - 659)));
  CHECK_FALSE(at(with("iat", kNow - 660)));
  CHECK(at(with("exp", static_cast<double>(kNow) + 0.5)));
}

TEST_CASE("a token without a signature, or with one by a shared secret, is refused") {
  const SigningKeys keys = both();
  const std::string claims = SigningKey::encoded(good_claims().dump());
  for (const char* none : {"none", "None", "NONE", "", "RS512", "PS256", "EdDSA"})
    CHECK(refused_for(SigningKey::encoded(json{{"alg", none}}.dump()) + "." + claims + ".", keys, "alg"));
  // The public key as the secret of HS256: what a checker that trusts the header would take.
  const std::string text = SigningKey::encoded(json{{"alg", "HS256"}, {"kid", "rsa-1"}}.dump()) + "." + claims;
  const std::string secret = rsa().jwk().dump();
  Bytes<32> mac;
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), as_bytes(text).data(), text.size(), mac.data(), &size);
  CHECK(refused_for(text + "." + to_base64url(mac), keys, "alg"));
}

TEST_CASE("a key that is unknown, of another kind, or not the only one it could be is refused") {
  const SigningKeys keys = both();
  const SigningKey stranger = SigningKey::ec("ec-1"), other = SigningKey::ec("ec-2");
  CHECK(refused_for(other.sign(good_claims()), keys, "kid"));
  CHECK(refused_for(stranger.sign(good_claims()), keys, "its signature"));  // the same name
  CHECK(refused_for(ec().sign(good_claims(), {{"alg", "ES256"}, {"kid", "rsa-1"}}), keys, "kid"));
  CHECK(refused_for(rsa().sign(good_claims(), {{"alg", "ES256"}, {"kid", "ec-1"}}), keys, "its signature"));
  CHECK(refused_for(ec().sign(good_claims(), {{"alg", "ES256"}}), keys_of({ec().jwk(), other.jwk()}), "kid"));
}

TEST_CASE("a token that was changed in any part is refused") {
  const SigningKeys keys = both();
  for (const SigningKey* key : {&rsa(), &ec()}) {
    const std::string good = key->sign(good_claims());
    const std::size_t first = good.find('.'), last = good.rfind('.');
    const std::string claims = SigningKey::encoded(with("preferred_username", "quan-tri").dump());
    CHECK(refused_for(good.substr(0, first + 1) + claims + good.substr(last), keys, "its signature"));
    std::string changed = good;
    changed[last + 10] = changed[last + 10] == 'A' ? 'B' : 'A';
    CHECK(refused_for(changed, keys, "its signature"));
    CHECK(refused_for(good.substr(0, last + 1), keys, "its signature"));
    CHECK(refused_for(good.substr(0, last), keys, "it is no signed JWT"));
  }
}

TEST_CASE("what is no token, or asks for what is not known, is refused") {
  const SigningKeys keys = both();
  for (const char* text : {"", ".", "..", "a.b", "a.b.c.d", "....."}) CHECK_FALSE(parse_id_token(text).has_value());
  CHECK(refused_for(ec().sign(good_claims(), {{"alg", "ES256"}, {"kid", "ec-1"}, {"crit", {"b64"}}}), keys, "crit"));
  CHECK_FALSE(parse_id_token(std::string(kIdTokenBytesMax, 'a') + ".b.c").has_value());
  const std::string twice = R"({"iss":"https://evil.example",)" + good_claims().dump().substr(1);
  const std::string header = SigningKey::encoded(R"({"alg":"ES256","alg":"ES256"})");
  CHECK_FALSE(parse_id_token(header + "." + SigningKey::encoded(twice) + ".AA").has_value());
}

TEST_CASE("keys that are weak, for another use, or no keys are passed over") {
  json weak = SigningKey::rsa("weak", 1024).jwk(), use = ec().jwk(), curve = ec().jwk(), point = ec().jwk(), stated = rsa().jwk();
  use["use"] = "enc";
  curve["crv"] = "P-384";
  point["y"] = point["x"];
  stated["alg"] = "RS512";
  const SigningKeys keys = keys_of({weak, use, curve, point, stated, json("text"), json{{"kty", "oct"}, {"k", "AAAA"}}, ec().jwk()});
  CHECK(user_at(ec().sign(good_claims()), keys).has_value());  // the last one is the only one that counts
  CHECK(refused_for(rsa().sign(good_claims()), keys, "kid"));
  for (const char* text : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[],"keys":[]})"}) CHECK_FALSE(SigningKeys::parse(text).has_value());
  CHECK_FALSE(SigningKeys::parse(json{{"keys", std::vector<json>(kSigningKeysMax + 1, ec().jwk())}}.dump()).has_value());
}

}  // namespace hub::access
