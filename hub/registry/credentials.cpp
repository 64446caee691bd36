#include "hub/registry/credentials.hpp"

#include <nlohmann/json.hpp>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/json_canonical.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"
#include "hub/registry/party.hpp"

namespace hub::registry {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kDomain = "coordination-hub credential v1\n";

std::string canonical(const Json& value) {
  auto text = canonical_json(value);
  HUB_CHECK(text.has_value());  // credentials hold texts alone
  return std::move(*text);
}

tl::unexpected<Error> invalid_credential(std::string reason) {
  return fail(ErrorCode::certificate_invalid, {{"reason", std::move(reason)}});
}

Json to_json(const Certificate& c) {
  return {{"statement", "certificate"},
          {"party", c.party},
          {"key", to_base64(c.key)},
          {"active_from", format_rfc3339(c.active_from)},
          {"active_until", format_rfc3339(c.active_until)}};
}
Json to_json(const Revocation& r) {
  return {{"statement", "revocation"},
          {"party", r.party},
          {"key_id", to_hex(r.key_id)},
          {"revoked_at", format_rfc3339(r.revoked_at)},
          {"reason", r.reason}};
}

UnixMicros time(ObjectReader& in, const char* name) {
  const std::string text = in.text(name);
  const auto out = parse_rfc3339(text);
  if (!out || format_rfc3339(*out) != text) in.refuse(name, "a time as 2024-03-12T01:00:00.000000Z was expected");
  return out.value_or(UnixMicros());
}

std::string party(ObjectReader& in) {
  std::string out = in.text("party");
  if (!is_party_id(out)) in.refuse("party", "a party's id was expected");
  return out;
}

Statement read_statement(ObjectReader& in) {
  if (const std::string kind = in.text("statement"); kind == "revocation") {
    Revocation out{party(in), {}, time(in, "revoked_at"), in.text("reason")};
    const std::string text = in.text("key_id");
    const auto bytes = from_hex(text);
    const auto id = bytes ? fixed<16>(*bytes) : std::nullopt;
    if (!id || to_hex(*id) != text) in.refuse("key_id", "16 bytes in lower-case hexadecimal were expected");
    out.key_id = id.value_or(crypto::KeyId{});
    return out;
  } else if (kind != "certificate") {
    in.refuse("statement", "must be certificate or revocation");
  }
  Certificate out{party(in), {}, time(in, "active_from"), time(in, "active_until")};
  const auto key = parse_key(in.text("key"));
  if (!key) in.refuse("key", "32 bytes in base64 were expected");
  out.key = key.value_or(crypto::PublicKey{});
  if (out.active_from >= out.active_until) in.refuse("active_until", "must be after active_from");
  return out;
}

Result<Credential> read(std::string_view text, const crypto::PublicKey* root) {
  if (text.size() > kCredentialBytesMax)
    return invalid_credential("it has more than " + std::to_string(kCredentialBytesMax) + " bytes");
  Json value;
  Fault fault;
  if (const auto marks = parse_json_strict(text, "credential", value); !marks)
    return invalid_credential(fill("line {line}: {reason}", marks.error().facts));
  ObjectReader in(value, "", fault);
  const auto signature_bytes = from_base64(in.text("signature"));
  const auto signature = signature_bytes ? fixed<64>(*signature_bytes) : std::nullopt;
  if (!signature) in.refuse("signature", "64 bytes in base64 were expected");
  ObjectReader statement = in.object("statement");
  Statement read = read_statement(statement);
  statement.refuse_unknown();
  in.refuse_unknown();
  if (fault.found()) return invalid_credential(fault.first().pointer + ": " + fault.first().reason);
  if (root != nullptr) {
    const std::string signed_text = std::string(kDomain) + canonical(value["statement"]);
    if (!crypto::verify(*root, as_bytes(signed_text), *signature))
      return invalid_credential("the party's root key did not sign it");
  }
  return Credential{std::move(read), canonical(value)};
}

}  // namespace

crypto::KeyId Credential::key_id() const {
  if (const auto* revocation = std::get_if<Revocation>(&statement)) return revocation->key_id;
  return crypto::key_id(std::get<Certificate>(statement).key);
}

std::string sign_credential(const Statement& statement, const crypto::SigningKey& root) {
  const Json value = std::visit([](const auto& s) { return to_json(s); }, statement);
  const std::string signed_text = std::string(kDomain) + canonical(value);
  return canonical({{"statement", value}, {"signature", to_base64(root.sign(as_bytes(signed_text)))}});
}

Result<Credential> read_credential(std::string_view text) { return read(text, nullptr); }

Result<Credential> read_credential(std::string_view text, const crypto::PublicKey& root) { return read(text, &root); }

}  // namespace hub::registry
