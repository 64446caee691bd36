#include "hub/app/api_client.hpp"

#include <optional>

#include "hub/app/output.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/console/http_client.hpp"
#include "hub/console/token.hpp"

namespace hub::app {
namespace {

using console::HttpAnswer;

constexpr std::chrono::seconds kAnswerMax{10};
constexpr std::size_t kAnswerBytesMax = 64 << 20;
constexpr unsigned kOk = 200;

// {"error": {"code", "facts"}}; nothing when it is something else, or of a newer catalogue than ours.
std::optional<Error> error_in(const nlohmann::ordered_json& body) {
  const auto error = body.is_object() ? body.find("error") : body.end();
  if (error == body.end() || !error->is_object() || !error->contains("code") || !error->at("code").is_string())
    return std::nullopt;
  const auto code = hub::error_code(error->at("code").get<std::string>());
  if (!code) return std::nullopt;
  Error out{*code, {}};
  const auto facts = error->find("facts");
  if (facts == error->end() || !facts->is_object()) return out;
  for (const auto& [name, value] : facts->items())
    if (value.is_string()) out.facts.push_back({name, value.get<std::string>()});
  return out;
}

tl::unexpected<Error> strange_status(const std::string& url, const std::string& path, unsigned status) {
  return fail(ErrorCode::io_failed, {{"path", url + path},
                                     {"operation", "ask"},
                                     {"reason", "the answer is none of a hub's: status " + std::to_string(status)}});
}

// What is asked in the clear stays on the machine.
Result<HttpAnswer> exchange(const ApiAddress& address, const std::string& path, console::HttpQuestion question) {
  const auto url = console::parse_url(address.url);
  if (!url || url->target != "/" || (!url->secure && !url->loopback))
    return tl::unexpected(usage("--api is https://NAME:PORT, or an address of loopback such as http://127.0.0.1:7480"));
  question.url = *url;
  question.url.target = path;
  question.ca = address.ca;
  question.time_max = kAnswerMax;
  question.bytes_max = kAnswerBytesMax;
  return console::ask_http(question);
}

Result<HttpAnswer> exchange_with_token(const ApiAddress& address, const std::string& path, console::HttpQuestion question) {
  const auto token = console::read_token_file(address.token_file);
  if (!token) return tl::unexpected(token.error());
  question.headers.emplace_back("Authorization", "Bearer " + *token);
  return exchange(address, path, std::move(question));
}

Result<nlohmann::ordered_json> exchange_json(const ApiAddress& address, const std::string& path, console::HttpQuestion question) {
  const auto answer = exchange_with_token(address, path, std::move(question));
  if (!answer) return tl::unexpected(answer.error());
  const auto body = nlohmann::ordered_json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
  if (body.is_object() && answer->status == kOk) return body;
  if (const auto error = error_in(body)) return tl::unexpected(*error);
  return strange_status(address.url, path, answer->status);
}

}  // namespace

Result<nlohmann::ordered_json> ask_api(const ApiAddress& address, const std::string& path,
                                       const ledger::NamedTexts& parameters) {
  return exchange_json(address, reports::address_of(path, parameters), {});
}

Result<std::string> ask_api_text(const ApiAddress& address, const std::string& path) {
  auto answer = exchange_with_token(address, path, {});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == kOk) return std::move(answer->body);
  const auto body = nlohmann::ordered_json::parse(answer->body, nullptr, /*allow_exceptions=*/false);
  if (const auto error = error_in(body)) return tl::unexpected(*error);
  return strange_status(address.url, path, answer->status);
}

Result<nlohmann::ordered_json> tell_api(const ApiAddress& address, const std::string& path, const std::string& body) {
  return exchange_json(address, path,
                       {.url = {}, .method = "POST", .headers = {{"Content-Type", "application/json"}}, .body = body});
}

Result<std::string> ask_public(const ApiAddress& address, const std::string& path) {
  auto answer = exchange(address, path, {});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != kOk) return strange_status(address.url, path, answer->status);
  return std::move(answer->body);
}

}  // namespace hub::app
