#include "hub/console/sign_on.hpp"

#include <spdlog/spdlog.h>

#include "hub/base/error_catalogue.hpp"
#include "hub/console/cookie.hpp"
#include "hub/console/query.hpp"
#include "hub/console/secret_file.hpp"
#include "hub/crypto/digest.hpp"
#include "hub/reports/address.hpp"
#include "hub/reports/html.hpp"

namespace hub::console {
namespace {

using reports::html_escaped;
using reports::percent_encoded;

constexpr std::string_view kAttemptCookie = "hub-sign-on";
constexpr std::string_view kAttemptPath = "/api/v1/sign-on";

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::sign_on_missing:
      return 404;
    case ErrorCode::sign_on_provider_failed:
      return 503;
    case ErrorCode::sign_on_stale:
      return 400;
    case ErrorCode::sign_on_denied:
    case ErrorCode::sign_on_token_invalid:
    case ErrorCode::sign_on_user_unknown:
      return 403;
    default:
      return 500;
  }
}

Error stale() { return {ErrorCode::sign_on_stale, {{"minutes", std::to_string(kSignOnAttemptMax.count())}}}; }

Response to(const std::string& location, std::string cookie) {
  Response out;
  out.status = 302;
  out.content_type = "text/plain; charset=utf-8";
  out.headers = {{"Location", location}, {"Set-Cookie", std::move(cookie)}};
  return out;
}

std::string section_of(const ErrorTexts& texts, const std::vector<Fact>& facts, std::string_view language) {
  const auto text = [&](std::string_view one) { return html_escaped(fill(one, facts)); };
  return "<section lang=\"" + std::string(language) + "\"><h1>" + text(texts.title) + "</h1><p>" + text(texts.reason) +
         "</p><p>" + text(texts.action) + "</p></section>";
}

// The first value of that name in a query that somebody else has written; nothing when it is absent or badly encoded.
std::optional<std::string> value_in(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return percent_decoded(pair.substr(name.size() + 1), /*plus_is_space=*/true);
  }
  return std::nullopt;
}

}  // namespace

SignOn::SignOn(HttpServer& server, Users& users, SignOnOptions options, std::string client_secret)
    : server_(server),
      users_(users),
      options_(std::move(options)),
      is_secure_(options_.redirect.starts_with("https://")),
      provider_(options_, std::move(client_secret)) {}

void SignOn::begin(const Reply& reply) {
  const bool posted = provider_.find([this, reply](const Provider::Address& found) {
    server_.post([this, reply, found] {
      if (!found) return reply(refused(found.error()));
      const SignOnAttempt attempt = attempts_.begin(std::chrono::steady_clock::now());
      const std::string challenge = access::to_base64url(crypto::sha256(as_bytes(attempt.verifier)));
      const std::string scope = options_.user_claim == "email" ? "openid%20email" : "openid%20profile";
      const std::string query =
          "response_type=code&scope=" + scope + "&client_id=" + percent_encoded(options_.client_id) +
          "&redirect_uri=" + percent_encoded(options_.redirect) + "&state=" + attempt.state +
          "&nonce=" + attempt.nonce + "&code_challenge=" + challenge + "&code_challenge_method=S256";
      // Lax: it comes back by a link of another site, the provider's.
      reply(to(*found + (found->find('?') == found->npos ? "?" : "&") + query,
               cookie_field({kAttemptCookie, attempt.cookie, kAttemptPath, "Lax", kSignOnAttemptMax, is_secure_})));
    });
  });
  if (!posted) reply(refused(busy()));
}

void SignOn::finish(const Request& request, const Reply& reply) {
  const auto state = value_in(request.query, "state");
  const auto attempt = attempts_.take(state.value_or(""), cookie_value(request.cookie, kAttemptCookie),
                                      std::chrono::steady_clock::now());
  if (!attempt) return reply(refused(stale()));
  const auto code = value_in(request.query, "code");
  if (!code) {
    const std::string said = value_in(request.query, "error").value_or("");
    return reply(refused({ErrorCode::sign_on_denied, {{"reason", told_error(said)}}}));
  }
  const bool posted =
      provider_.redeem(*code, attempt->verifier, attempt->nonce, [this, reply](const Provider::User& user) {
        server_.post([this, reply, user] { reply(user ? enter(*user) : refused(user.error())); });
      });
  if (!posted) reply(refused(busy()));
}

Error SignOn::busy() const {
  return {ErrorCode::sign_on_provider_failed, {{"path", options_.issuer}, {"reason", "too many sign on at once"}}};
}

Response SignOn::enter(const std::string& user) {
  auto cookie = users_.enter(user, is_secure_);
  if (!cookie) return refused(cookie.error());
  return to("/", std::move(*cookie));
}

Response SignOn::refused(const Error& error) {
  if (auto logged = users_.log_refused_sign_on(error); !logged) return sign_on_refusal(logged.error());
  return sign_on_refusal(error);
}

Response sign_on_refusal(const Error& error) {
  const CatalogueEntry& entry = catalogue_entry(error.code);
  Response out;
  out.status = status_of(error.code);
  out.content_type = "text/html; charset=utf-8";
  out.body = "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><title>" + html_escaped(entry.vietnamese.title) +
             "</title><main data-code=\"" + std::string(entry.code) + "\">" +
             section_of(entry.vietnamese, error.facts, "vi") + section_of(entry.english, error.facts, "en") +
             "<p><a href=\"/\">Trang của trung tâm / The hub's page</a></p></main></html>\n";
  return out;
}

Result<std::string> read_client_secret(const std::optional<SignOnOptions>& options) {
  if (!options || options->client_secret_file.empty()) return std::string();
  const std::string& path = options->client_secret_file;
  auto text = read_secret_file(path);
  if (!text) return text;
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->empty()) return invalid_file(path, "it holds no secret");
  return text;
}

}  // namespace hub::console
