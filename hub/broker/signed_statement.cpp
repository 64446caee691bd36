#include "hub/broker/signed_statement.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/json_canonical.hpp"
#include "hub/registry/reason.hpp"

namespace hub::broker {
namespace {

using Json = nlohmann::json;

std::string canonical(const Json& value) {
  auto text = registry::canonical_json(value);
  HUB_CHECK(text.has_value());  // texts, and numbers below 2^53
  return std::move(*text);
}

std::string signed_text(std::string_view kind, std::string_view statement) {
  return std::string("coordination-hub ").append(kind).append(" v1\n").append(statement);
}

Json signature_of(std::string_view kind, const Json& statement, const crypto::SigningKey& administrator) {
  const std::string text = signed_text(kind, canonical(statement));
  return {{"administrator", to_hex(crypto::key_id(administrator.public_key()))},
          {"signature", to_base64(administrator.sign(as_bytes(text)))}};
}

Result<Json> parse(std::string_view text) {
  if (text.size() > kStatementBytesMax)
    return invalid_order("it has more than " + std::to_string(kStatementBytesMax) + " bytes");
  Json value;
  if (const auto marks = registry::parse_json_strict(text, "order", value); !marks)
    return invalid_order(fill("line {line}: {reason}", marks.error().facts));
  return value;
}

std::vector<StatementSignature> read_signatures(registry::ObjectReader& in, registry::Fault& fault) {
  std::vector<StatementSignature> out;
  const Json& signatures = in.array("signatures");
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    registry::ObjectReader one(signatures[i], registry::child_pointer("/signatures", i), fault);
    const auto id = from_hex(one.text("administrator"));
    const auto administrator = id ? fixed<16>(*id) : std::nullopt;
    if (!administrator) one.refuse("administrator", "a key id in hexadecimal was expected");
    const auto bytes = from_base64(one.text("signature"));
    const auto signature = bytes ? fixed<64>(*bytes) : std::nullopt;
    if (!signature) one.refuse("signature", "64 bytes in base64 were expected");
    one.refuse_unknown();
    out.push_back({administrator.value_or(crypto::KeyId{}), signature.value_or(crypto::Signature{})});
  }
  return out;
}

StatementBasics read_basics(registry::ObjectReader& in) {
  StatementBasics out;
  out.reason = in.text("reason");
  const auto bytes = from_hex(in.text("journal"));
  const auto journal = bytes ? fixed<16>(*bytes) : std::nullopt;
  if (!journal) in.refuse("journal", "16 bytes in hexadecimal were expected");
  out.journal = journal.value_or(Bytes<16>{});
  const auto time = parse_rfc3339(in.text("time"));
  if (!time) in.refuse("time", "a time as 2024-03-12T01:00:00.000000Z was expected");
  out.time = time.value_or(UnixMicros());
  return out;
}

Result<void> check_signatures(std::string_view kind, const SignedStatement& statement, SignatureCount count,
                              std::span<const crypto::PublicKey> administrators) {
  const auto& signatures = statement.signatures;
  if (signatures.size() < count.least || signatures.size() > count.most)
    return invalid_order("it has " + std::to_string(signatures.size()) + " signatures, and needs " +
                         std::to_string(signatures.size() < count.least ? count.least : count.most));
  const std::string message = signed_text(kind, statement.text);
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    const auto key =
        std::find_if(administrators.begin(), administrators.end(), [&](const crypto::PublicKey& k) {
          return crypto::key_id(k) == signatures[i].administrator;
        });
    if (key == administrators.end())
      return fail(ErrorCode::administrator_unknown, {{"key", to_hex(signatures[i].administrator)}});
    if (!crypto::verify(*key, as_bytes(message), signatures[i].signature))
      return invalid_order("a signature does not fit the statement");
    for (std::size_t earlier = 0; earlier < i; ++earlier)
      if (signatures[i].administrator == signatures[earlier].administrator)
        return invalid_order("the signatures must be of different administrators");
  }
  return {};
}

}  // namespace

tl::unexpected<Error> invalid_order(std::string reason) {
  return fail(ErrorCode::order_invalid, {{"reason", std::move(reason)}});
}

std::string sign_statement(std::string_view kind, const StatementBasics& basics, Json more,
                           const crypto::SigningKey& administrator) {
  more["statement"] = kind;
  more["journal"] = to_hex(basics.journal);
  more["reason"] = basics.reason;
  more["time"] = format_rfc3339(basics.time);
  return canonical({{"statement", more}, {"signatures", {signature_of(kind, more, administrator)}}});
}

Result<std::string> countersign_statement(std::string_view text, const crypto::SigningKey& administrator) {
  const std::string kind = statement_kind(text);
  if (kind.empty()) return invalid_order("it is no statement that can be signed");
  auto value = parse(text);
  if (!value) return tl::unexpected(value.error());
  registry::Fault fault;
  registry::ObjectReader in(*value, "", fault);
  read_signatures(in, fault);
  if (fault.found()) return invalid_order(fault.first().pointer + ": " + fault.first().reason);
  if (!registry::canonical_json(*value)) return invalid_order("it has no canonical form");
  (*value)["signatures"].push_back(signature_of(kind, (*value)["statement"], administrator));
  return canonical(*value);
}

std::string statement_kind(std::string_view text) {
  if (text.size() > kStatementBytesMax) return {};
  const Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const Json::json_pointer kind("/statement/statement");
  return value.is_object() && value.contains(kind) && value[kind].is_string() ? value[kind].get<std::string>() : "";
}

Result<SignedStatement> read_statement(std::string_view kind, std::string_view text,
                                       std::span<const crypto::PublicKey> administrators, const ReadStatement& more) {
  const auto value = parse(text);
  if (!value) return tl::unexpected(value.error());
  registry::Fault fault;
  registry::ObjectReader in(*value, "", fault);
  SignedStatement out;
  out.signatures = read_signatures(in, fault);
  registry::ObjectReader statement = in.object("statement");
  if (statement.text("statement") != kind) statement.refuse("statement", "must be " + std::string(kind));
  out.basics = read_basics(statement);
  const SignatureCount count = more(statement);
  statement.refuse_unknown();
  in.refuse_unknown();
  if (fault.found()) return invalid_order(fault.first().pointer + ": " + fault.first().reason);
  auto canonical_statement = registry::canonical_json((*value)["statement"]);
  if (!canonical_statement) return invalid_order("the statement has no canonical form");
  out.text = std::move(*canonical_statement);
  if (auto good = check_signatures(kind, out, count, administrators); !good) return tl::unexpected(good.error());
  if (auto refusal = registry::refuse_reason(out.basics.reason)) return tl::unexpected(std::move(*refusal));
  return out;
}

}  // namespace hub::broker
