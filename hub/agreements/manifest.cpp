#include "hub/agreements/manifest.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/agreements/configuration_files.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/json_canonical.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::agreements {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kDomain = "coordination-hub configuration v1\n";

Json manifest(std::span<const registry::Item> items) {
  Json out = {{"version", 1}, {"items", Json::array()}};
  for (const registry::Item& item : items)
    out["items"].push_back({{"kind", registry::kind_name(item.kind)},
                            {"id", item.id},
                            {"sha256", to_hex(crypto::sha256(as_bytes(item.canonical)))}});
  return out;
}

std::string canonical(const Json& value) {
  auto text = registry::canonical_json(value);
  HUB_CHECK(text.has_value());  // nothing but texts and small integers
  return std::move(*text);
}

tl::unexpected<Error> unsigned_because(std::string reason) {
  return fail(ErrorCode::config_unsigned, {{"reason", std::move(reason)}});
}

// The first item in which the signed manifest and the configuration differ.
std::string difference(const Json& is_signed, const Json& is_there) {
  if (!is_signed.is_object() || !is_signed.contains("items") || !is_signed["items"].is_array())
    return "it is no manifest";
  const Json &a = is_signed["items"], &b = is_there["items"];
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (a[i] != b[i]) return "item " + std::to_string(i + 1) + ", " + b[i]["id"].get<std::string>() + ", differs";
  if (a.size() != b.size())
    return std::to_string(a.size()) + " items are signed, " + std::to_string(b.size()) + " are there";
  return "the manifest has another version";
}

}  // namespace

std::string manifest_text(std::span<const registry::Item> items) { return canonical(manifest(items)); }

std::string sign_manifest(std::span<const registry::Item> items, const crypto::SigningKey& administrator) {
  const Json content = manifest(items);
  const std::string signed_text = std::string(kDomain) + canonical(content);
  return canonical({{"manifest", content},
                    {"administrator", to_hex(crypto::key_id(administrator.public_key()))},
                    {"signature", to_base64(administrator.sign(as_bytes(signed_text)))}});
}

Result<crypto::KeyId> verify_manifest(std::span<const registry::Item> items, std::string_view file_text,
                                      std::span<const crypto::PublicKey> administrators) {
  Json value;
  if (const auto marks = registry::parse_json_strict(file_text, "manifest.json", value); !marks)
    return unsigned_because(fill("manifest.json:{line}:{column}: {reason}", marks.error().facts));
  registry::Fault fault;
  registry::ObjectReader in(value, "", fault);
  const std::string administrator = in.text("administrator");
  const auto bytes = from_base64(in.text("signature"));
  const auto signature = bytes ? fixed<64>(*bytes) : std::nullopt;
  if (!signature) in.refuse("signature", "64 bytes in base64 were expected");
  const Json& content = in.value("manifest");
  in.refuse_unknown();
  if (fault.found()) return unsigned_because(fault.first().pointer + ": " + fault.first().reason);

  const auto key = std::find_if(administrators.begin(), administrators.end(), [&](const crypto::PublicKey& k) {
    return to_hex(crypto::key_id(k)) == administrator;
  });
  if (key == administrators.end()) return fail(ErrorCode::administrator_unknown, {{"key", administrator}});
  const Json expected = manifest(items);
  if (content != expected) return unsigned_because(difference(content, expected));
  const std::string signed_text = std::string(kDomain) + canonical(expected);
  if (!crypto::verify(*key, as_bytes(signed_text), *signature))
    return unsigned_because("the signature does not fit the manifest");
  return crypto::key_id(*key);
}

Result<crypto::KeyId> verify_manifest_file(const std::filesystem::path& folder, std::span<const registry::Item> items,
                                           std::span<const crypto::PublicKey> administrators) {
  std::error_code error;
  const auto path = folder / "manifest.json";
  if (!std::filesystem::exists(path, error)) return unsigned_because(path.string() + " is missing");
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  return verify_manifest(items, *text, administrators);
}

}  // namespace hub::agreements
