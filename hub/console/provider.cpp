#include "hub/console/provider.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/reports/address.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::console {
namespace {

using nlohmann::json;
using reports::percent_encoded;

constexpr unsigned kOk = 200, kBadRequest = 400, kUnauthorised = 401;
constexpr std::size_t kErrorBytesMax = 200;

std::chrono::steady_clock::time_point instant() { return std::chrono::steady_clock::now(); }

// Empty when it is absent or no text.
std::string text_at(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

json parsed(const std::string& text) { return json::parse(text, nullptr, /*allow_exceptions=*/false); }

// Without a list it is client_secret_basic (Core 1.0, section 9, and Discovery 1.0, section 3).
bool takes_basic(const json& metadata) {
  const auto methods = metadata.find("token_endpoint_auth_methods_supported");
  return methods == metadata.end() || !methods->is_array() || methods->empty() ||
         std::find(methods->begin(), methods->end(), json("client_secret_basic")) != methods->end();
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += (out.empty() ? "" : "&") + name + "=" + percent_encoded(value);
  return out;
}

}  // namespace

std::string told_error(std::string_view text) {
  const auto is_of_a_code = [](char c) { return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\'; };
  const bool is_code = !text.empty() && text.size() <= kErrorBytesMax && std::all_of(text.begin(), text.end(), is_of_a_code);
  return is_code ? std::string(text) : "no error code";
}

Provider::Provider(SignOnOptions options, std::string client_secret)
    : options_(std::move(options)), client_secret_(std::move(client_secret)) {}

bool Provider::find(std::function<void(Address)> done) {
  return worker_.post([this, done = std::move(done)] {
    const auto at = endpoints();
    done(at ? Address(at->authorization) : Address(tl::unexpected(at.error())));
  });
}

bool Provider::redeem(std::string code, std::string verifier, std::string nonce, std::function<void(User)> done) {
  return worker_.post([this, code = std::move(code), verifier = std::move(verifier), nonce = std::move(nonce),
                       done = std::move(done)] { done(user_of(code, verifier, nonce)); });
}

tl::unexpected<Error> Provider::failed(std::string reason) const {
  return fail(ErrorCode::sign_on_provider_failed, {{"path", options_.issuer}, {"reason", std::move(reason)}});
}

// In the clear on loopback alone, and there only for a provider that is there itself.
std::optional<HttpUrl> Provider::permitted(const std::string& text) const {
  auto url = parse_url(text);
  if (url && !url->secure && !(url->loopback && options_.issuer.starts_with("http://"))) url.reset();
  return url;
}

Result<HttpAnswer> Provider::ask(HttpQuestion question) const {
  if (ending_) return failed("the hub stops");
  question.ca = options_.ca;
  question.time_max = kProviderTimeMax;
  question.bytes_max = kProviderBytesMax;
  auto answer = ask_http(question);
  if (!answer) return failed(answer.error().fact("reason"));
  return answer;
}

Result<std::string> Provider::get(const HttpUrl& url) const {
  auto answer = ask({.url = url, .headers = {{"Accept", "application/json"}}});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != kOk) return failed("status " + std::to_string(answer->status) + " for " + url.target);
  return std::move(answer->body);
}

Result<Provider::Endpoints> Provider::discover() const {
  std::string base = options_.issuer;
  if (base.ends_with('/')) base.pop_back();
  const auto text = get(*parse_url(base + "/.well-known/openid-configuration"));
  if (!text) return tl::unexpected(text.error());
  const json metadata = parsed(*text);
  if (text_at(metadata, "issuer") != options_.issuer) return failed("its configuration names another issuer");
  const auto authorization = text_at(metadata, "authorization_endpoint");
  const auto token = permitted(text_at(metadata, "token_endpoint")), keys = permitted(text_at(metadata, "jwks_uri"));
  if (!permitted(authorization) || !token || !keys)
    return failed("its configuration lacks an endpoint, or has one that is no https address");
  return Endpoints{authorization, *token, *keys, takes_basic(metadata)};
}

Result<Provider::Endpoints> Provider::endpoints() {
  if (endpoints_ && instant() - endpoints_at_ < kProviderKeptMax) return *endpoints_;
  if (failure_ && instant() - failed_at_ < kProviderPause) return tl::unexpected(*failure_);
  auto found = discover();
  if (found) {
    failure_.reset();
    endpoints_ = *found;
    endpoints_at_ = instant();
  } else {
    failure_ = found.error();
    failed_at_ = instant();
  }
  return found;
}

Result<void> Provider::renew_keys(const Endpoints& at) {
  keys_asked_at_ = instant();
  const auto text = get(at.keys);
  if (!text) return tl::unexpected(text.error());
  auto keys = access::SigningKeys::parse(*text);
  if (!keys) return failed(keys.error().fact("reason"));
  keys_ = std::move(*keys);
  keys_at_ = keys_asked_at_;
  return {};
}

// A key that is not known may be a new one: the provider is asked once more, not for every token that names one.
Result<void> Provider::find_key(const Endpoints& at, const access::IdToken& token) {
  const bool is_fresh = keys_ && instant() - keys_at_ < kProviderKeptMax;
  if (is_fresh && (keys_->find(token) != nullptr || instant() - keys_asked_at_ < kKeysPause)) return {};
  return renew_keys(at);
}

// RFC 6749, section 4.1.3; the secret as section 2.3.1 says. The ID token.
Result<std::string> Provider::exchange(const Endpoints& at, const std::string& code,
                                       const std::string& verifier) const {
  HttpQuestion question{
      .url = at.token,
      .method = "POST",
      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}}};
  std::vector<std::pair<std::string, std::string>> fields = {{"grant_type", "authorization_code"},
                                                             {"code", code},
                                                             {"redirect_uri", options_.redirect},
                                                             {"code_verifier", verifier}};
  if (!client_secret_.empty() && at.basic) {
    const std::string both = percent_encoded(options_.client_id) + ":" + percent_encoded(client_secret_);
    question.headers.emplace_back("Authorization", "Basic " + to_base64(as_bytes(both)));
  } else {
    fields.emplace_back("client_id", options_.client_id);
    if (!client_secret_.empty()) fields.emplace_back("client_secret", client_secret_);
  }
  question.body = form_of(fields);
  const auto answer = ask(std::move(question));
  if (!answer) return tl::unexpected(answer.error());
  const json body = parsed(answer->body);
  if (answer->status == kBadRequest || answer->status == kUnauthorised)
    return fail(ErrorCode::sign_on_denied, {{"reason", told_error(text_at(body, "error"))}});
  if (answer->status != kOk) return failed("status " + std::to_string(answer->status) + " for a code");
  std::string token = text_at(body, "id_token");
  if (token.empty()) return failed("it answered without an ID token");
  return token;
}

Provider::User Provider::user_of(const std::string& code, const std::string& verifier, const std::string& nonce) {
  const auto at = endpoints();
  if (!at) return tl::unexpected(at.error());
  const auto text = exchange(*at, code, verifier);
  if (!text) return tl::unexpected(text.error());
  const auto token = access::parse_id_token(*text);
  if (!token) return tl::unexpected(token.error());
  if (auto found = find_key(*at, *token); !found) return tl::unexpected(found.error());
  return access::user_of(*token, *keys_, {options_.issuer, options_.client_id, nonce, options_.user_claim},
                         runtime::SystemClock().now());
}

}  // namespace hub::console
