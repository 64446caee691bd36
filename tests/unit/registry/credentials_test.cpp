#include "hub/registry/credentials.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "hub/base/error_catalogue.hpp"
#include "hub/registry/key_ring.hpp"
#include "hub/registry/limits.hpp"
#include "tests/unit/registry/samples.hpp"

using namespace hub;
using namespace hub::registry;

namespace {

UnixMicros at(const char* time) { return *parse_rfc3339(time); }

Certificate certificate(const char* from = "2024-01-11T00:00:00Z", const char* until = "2025-01-11T00:00:00Z") {
  return {"toa-an.huyen", signing_key(2).public_key(), at(from), at(until)};
}
Revocation revocation(const char* when = "2024-06-01T00:00:00Z") {
  return {"toa-an.huyen", crypto::key_id(signing_key(2).public_key()), at(when), "Thẻ khóa bị mất"};
}

std::string golden(const char* name) {
  std::ifstream file(std::string(HUB_SOURCE_DIR "/tests/golden/credentials/") + name);
  std::ostringstream out;
  out << file.rdbuf();
  std::string text = out.str();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string code(const Result<const CertifiedKey*>& result) {
  return result ? "valid" : std::string(code_text(result.error().code));
}
std::string credential_refusal(const std::string& text) {
  const auto read = read_credential(text, signing_key(1).public_key());
  if (read) return "accepted";
  CHECK(read.error().code == ErrorCode::certificate_invalid);
  return fill("{reason}", read.error().facts);
}

}  // namespace

TEST_CASE("credentials are the golden files, byte for byte, and are still read") {
  CHECK(sign_credential(certificate(), signing_key(1)) == golden("certificate.json"));
  CHECK(sign_credential(revocation(), signing_key(1)) == golden("revocation.json"));
  const auto read = read_credential(golden("certificate.json"), signing_key(1).public_key());
  REQUIRE(read);
  CHECK(read->party() == "toa-an.huyen");
  CHECK(read->key_id() == crypto::key_id(signing_key(2).public_key()));
  CHECK(read->text == golden("certificate.json"));
  const auto revoked = read_credential(golden("revocation.json"), signing_key(1).public_key());
  REQUIRE(revoked);
  CHECK(std::get<Revocation>(revoked->statement).reason == "Thẻ khóa bị mất");
}

TEST_CASE("a key is valid from its first moment until just before its last, and not from its revocation on") {
  KeyRing ring;
  REQUIRE(ring.add(sign_credential(certificate(), signing_key(1)), signing_key(1).public_key()));
  const auto id = crypto::key_id(signing_key(2).public_key());
  const auto state = [&](const char* time) { return code(ring.valid("toa-an.huyen", id, at(time))); };
  CHECK(state("2024-01-10T23:59:59.999999Z") == "key-not-active");
  CHECK(state("2024-01-11T00:00:00Z") == "valid");
  CHECK(state("2025-01-10T23:59:59.999999Z") == "valid");
  CHECK(state("2025-01-11T00:00:00Z") == "key-not-active");
  REQUIRE(ring.add(sign_credential(revocation(), signing_key(1)), signing_key(1).public_key()));
  CHECK(state("2024-05-31T23:59:59.999999Z") == "valid");
  CHECK(state("2024-06-01T00:00:00Z") == "key-revoked");
  REQUIRE(ring.add(sign_credential(revocation("2024-07-01T00:00:00Z"), signing_key(1)), signing_key(1).public_key()));
  CHECK(state("2024-06-01T00:00:00Z") == "key-revoked");
  REQUIRE(ring.add(sign_credential(certificate("2024-01-11T00:00:00Z", "2026-01-11T00:00:00Z"), signing_key(1)),
                   signing_key(1).public_key()));
  CHECK(state("2025-06-01T00:00:00Z") == "key-revoked");
  CHECK(code(ring.valid("vks.huyen", id, at("2024-02-01T00:00:00Z"))) == "key-unknown");
}

TEST_CASE("the revocation of a key without a certificate is refused") {
  KeyRing ring;
  const auto added = ring.add(sign_credential(revocation(), signing_key(1)), signing_key(1).public_key());
  REQUIRE_FALSE(added);
  CHECK(added.error().code == ErrorCode::key_unknown);
}

TEST_CASE("a credential that anybody changed or another key signed is refused") {
  const std::string good = sign_credential(certificate(), signing_key(1));
  CHECK(credential_refusal(good) == "accepted");
  std::string changed = good;
  changed.replace(changed.find("2025"), 4, "2029");
  CHECK(credential_refusal(changed) == "the party's root key did not sign it");
  CHECK(credential_refusal(sign_credential(certificate(), signing_key(3))) == "the party's root key did not sign it");
  nlohmann::json extra = nlohmann::json::parse(good);
  extra["statement"]["admin"] = true;
  CHECK(credential_refusal(extra.dump()) == "/statement/admin: \"admin\" is not known here");
  CHECK(credential_refusal("{}").find("is missing") != std::string::npos);
  CHECK(credential_refusal("x").find("line 1") != std::string::npos);
}

TEST_CASE("a credential has at most 4096 bytes") {
  const std::string good = sign_credential(certificate(), signing_key(1));
  CHECK(credential_refusal(good + std::string(kCredentialBytesMax - good.size(), ' ')) == "accepted");
  CHECK(credential_refusal(good + std::string(kCredentialBytesMax - good.size() + 1, ' ')).find("4096") !=
        std::string::npos);
}
