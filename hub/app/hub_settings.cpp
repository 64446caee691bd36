#include "hub/app/hub_settings.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "hub/app/files.hpp"
#include "hub/app/ledger_option.hpp"
#include "hub/console/http_server.hpp"
#include "hub/console/sign_on.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"
#include "hub/sql/address.hpp"

namespace hub::app {
namespace {

constexpr std::int64_t kSegmentMibMin = 16, kSegmentMibMax = 4096;  // a segment holds at least one group

console::TlsFiles read_tls(registry::ObjectReader in, const std::filesystem::path& folder) {
  console::TlsFiles files{(folder / in.text("certificate")).string(), (folder / in.text("key")).string()};
  in.refuse_unknown();
  return files;
}

// In the clear is for a provider beside the hub, in tests and development.
bool is_safe(const std::optional<console::HttpUrl>& url) { return url && (url->secure || url->loopback); }

console::SignOnOptions read_sign_on(registry::ObjectReader in, const std::filesystem::path& folder) {
  console::SignOnOptions out;
  out.issuer = in.text("issuer");
  out.client_id = in.text("client_id");
  out.redirect = in.text("redirect");
  out.user_claim = in.text_or("user_claim", out.user_claim);
  if (in.has("client_secret_file")) out.client_secret_file = (folder / in.text("client_secret_file")).string();
  if (in.has("ca")) out.ca = (folder / in.text("ca")).string();
  const auto issuer = console::parse_url(out.issuer), redirect = console::parse_url(out.redirect);
  if (!is_safe(issuer) || issuer->target.find('?') != std::string::npos)
    in.refuse("issuer", "an address https:// without a query, as the provider writes it; http:// on loopback alone");
  if (!is_safe(redirect) || redirect->target != console::kCallbackPath)
    in.refuse("redirect", "an address https:// that ends in " + std::string(console::kCallbackPath) + "; http:// on loopback alone");
  in.refuse_unknown();
  return out;
}

alerts::NoticeOptions read_alert_notices(registry::ObjectReader in, const std::filesystem::path& folder) {
  alerts::NoticeOptions out{(folder / in.text("folder")).string(), in.text("to")};
  if (!registry::is_party_id(out.to)) in.refuse("to", "a party's id, as truc-ban.trung-tam");
  in.refuse_unknown();
  return out;
}

// Without TLS the token would cross a network in the clear, and so would subjects of documents.
console::Options read_console(registry::ObjectReader in, const std::filesystem::path& folder, const std::string& data) {
  console::Options options;
  options.listen = in.text("listen");
  const auto address = console::parse_listen_address(options.listen);
  if (!address) {
    in.refuse("listen", "an IP address and a port, as 127.0.0.1:7480 or [::1]:7480");
  } else if (!address->loopback && !in.has("tls")) {
    in.refuse("listen",
              "an address of loopback (127.0.0.1 or [::1]), as there is no tls: {certificate: FILE, key: FILE} beside it: "
              "without TLS everything would cross the network in the clear");
  }
  if (in.has("tls")) options.tls = read_tls(in.object("tls"), folder);
  if (in.has("sign_on")) options.sign_on = read_sign_on(in.object("sign_on"), folder);
  options.token_file = in.has("token_file") ? (folder / in.text("token_file")).string() : token_path(data);
  if (in.has("webhook")) {
    options.webhook = console::parse_url(in.text("webhook"));
    if (!is_safe(options.webhook))
      in.refuse("webhook", "an address https://, or http:// on loopback, as http://127.0.0.1:9093/hub");
  }
  if (in.has("alert_notices")) options.alert_notices = read_alert_notices(in.object("alert_notices"), folder);
  in.refuse_unknown();
  return options;
}

// A file, or a PostgreSQL database.
std::string read_ledger(registry::ObjectReader& in, const std::filesystem::path& folder) {
  const std::string ledger = in.text("ledger");
  if (!sql::is_postgres(ledger)) return (folder / ledger).string();
  if (const std::string fault = sql::postgres_fault(ledger); !fault.empty()) in.refuse("ledger", fault);
  return ledger;
}

}  // namespace

Result<HubSettings> read_hub_settings(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  nlohmann::json json;
  const auto marks = registry::parse_yaml_strict(*text, path, json);
  if (!marks) return tl::unexpected(marks.error());
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  registry::Fault fault;
  registry::ObjectReader in(json, "", fault);
  HubSettings options;
  options.data = (folder / in.text("data")).string();
  options.configuration = (folder / in.text("configuration")).string();
  options.listen = in.text("listen");
  if (in.has("bulk_listen")) options.bulk_listen = in.text("bulk_listen");
  options.ledger = in.has("ledger") ? read_ledger(in, folder) : ledger_path(options.data);
  if (in.has("segment_mib")) {
    const std::int64_t mib = in.integer("segment_mib");
    if (mib < kSegmentMibMin || mib > kSegmentMibMax) in.refuse("segment_mib", "from 16 to 4096");
    options.journal.segment_bytes = static_cast<std::uint64_t>(mib) << 20;
  }
  if (in.has("log")) options.log = log::read_settings(in.object("log"), folder);
  if (in.has("console")) options.console = read_console(in.object("console"), folder, options.data);
  in.refuse_unknown();
  if (fault.found()) return tl::unexpected(marks->invalid(fault));
  return options;
}

std::string token_path(const std::string& data) { return data + "/keys/api-token"; }
std::string access_path(const std::string& data) { return data + "/access.db"; }

}  // namespace hub::app
