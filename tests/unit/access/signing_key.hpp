// A provider's key: what it signs, and its public half as a JWK.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "hub/access/id_token.hpp"
#include "hub/base/check.hpp"

namespace hub::test {

class SigningKey {
 public:
  static SigningKey rsa(std::string id, std::size_t bits = 2048) { return {"RS256", std::move(id), EVP_RSA_gen(bits)}; }
  static SigningKey ec(std::string id) { return {"ES256", std::move(id), EVP_EC_gen("P-256")}; }

  nlohmann::json jwk() const {
    nlohmann::json out = {{"kid", id_}, {"use", "sig"}, {"alg", algorithm_}};
    if (algorithm_ == "RS256") {
      out["kty"] = "RSA";
      out["n"] = number(OSSL_PKEY_PARAM_RSA_N);
      out["e"] = number(OSSL_PKEY_PARAM_RSA_E);
    } else {
      out["kty"] = "EC";
      out["crv"] = "P-256";
      out["x"] = number(OSSL_PKEY_PARAM_EC_PUB_X, 32);
      out["y"] = number(OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    }
    return out;
  }
  std::string sign(const nlohmann::json& claims) const { return sign(claims, {{"alg", algorithm_}, {"kid", id_}}); }
  std::string sign(const nlohmann::json& claims, const nlohmann::json& header) const {
    const std::string text = encoded(header.dump()) + "." + encoded(claims.dump());
    return text + "." + access::to_base64url(signature(text));
  }
  static std::string encoded(const std::string& text) { return access::to_base64url(as_bytes(text)); }

 private:
  SigningKey(std::string algorithm, std::string id, EVP_PKEY* key)
      : algorithm_(std::move(algorithm)), id_(std::move(id)), key_(key, EVP_PKEY_free) {
    HUB_CHECK(key != nullptr);
  }

  std::string number(const char* name, int size = 0) const {
    BIGNUM* value = nullptr;
    HUB_CHECK(EVP_PKEY_get_bn_param(key_.get(), name, &value) == 1);
    Buffer bytes(static_cast<std::size_t>(size > 0 ? size : BN_num_bytes(value)));
    BN_bn2binpad(value, bytes.data(), static_cast<int>(bytes.size()));
    BN_free(value);
    return access::to_base64url(bytes);
  }

  Buffer signature(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    HUB_CHECK(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
    HUB_CHECK(EVP_DigestSign(context, nullptr, &size, bytes, text.size()) == 1);
    Buffer out(size);
    HUB_CHECK(EVP_DigestSign(context, out.data(), &size, bytes, text.size()) == 1);
    out.resize(size);
    EVP_MD_CTX_free(context);
    return algorithm_ == "RS256" ? out : both_numbers(out);
  }

  static Buffer both_numbers(const Buffer& der) {
    const unsigned char* from = der.data();
    ECDSA_SIG* both = d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(der.size()));
    Buffer out(64);
    BN_bn2binpad(ECDSA_SIG_get0_r(both), out.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both), out.data() + 32, 32);
    ECDSA_SIG_free(both);
    return out;
  }

  std::string algorithm_, id_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace hub::test
