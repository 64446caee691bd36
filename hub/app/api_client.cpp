#include "hub/app/api_client.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "hub/app/output.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/console/http_server.hpp"
#include "hub/console/token.hpp"

namespace hub::app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::chrono::seconds kAnswerMax{10};
constexpr std::size_t kAnswerBytesMax = 64 << 20;
constexpr std::string_view kScheme = "http://";

struct Exchange {
  asio::io_context io;
  beast::tcp_stream stream{io};
  http::request<http::string_body> request;
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  boost::system::error_code error;

  void run(const asio::ip::tcp::endpoint& to) {
    parser.body_limit(kAnswerBytesMax);
    stream.expires_after(kAnswerMax);
    stream.async_connect(to, [this](const boost::system::error_code& connected) {
      if ((error = connected)) return;
      http::async_write(stream, request, [this](const boost::system::error_code& written, std::size_t) {
        if ((error = written)) return;
        http::async_read(stream, buffer, parser, [this](const boost::system::error_code& read, std::size_t) { error = read; });
      });
    });
    io.run();
  }
};

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

tl::unexpected<Error> not_answered(const std::string& url, const std::string& path, std::string reason) {
  return fail(ErrorCode::io_failed, {{"path", url + path}, {"operation", "ask"}, {"reason", std::move(reason)}});
}
tl::unexpected<Error> strange_status(const std::string& url, const std::string& path, unsigned status) {
  return not_answered(url, path, "the answer is none of a hub's: status " + std::to_string(status));
}

Result<http::response<http::string_body>> exchange(const std::string& address, const std::string& path,
                                                   http::request<http::string_body> request) {
  const std::string_view url = address;
  const auto at = url.starts_with(kScheme) ? console::parse_listen_address(url.substr(kScheme.size())) : std::nullopt;
  if (!at || !at->loopback)
    return tl::unexpected(usage("--api is an address of loopback such as http://127.0.0.1:7480"));
  Exchange exchange;
  exchange.request = std::move(request);
  exchange.request.set(http::field::host, std::string(url.substr(kScheme.size())));
  exchange.run({asio::ip::make_address(at->host), at->port});
  if (exchange.error) return not_answered(address, path, exchange.error.message());
  return exchange.parser.release();
}

Result<http::response<http::string_body>> exchange_with_token(const ApiAddress& address, const std::string& path,
                                                              http::request<http::string_body> request) {
  const auto token = console::read_token_file(address.token_file);
  if (!token) return tl::unexpected(token.error());
  request.set(http::field::authorization, "Bearer " + *token);
  return exchange(address.url, path, std::move(request));
}

Result<nlohmann::ordered_json> exchange_json(const ApiAddress& address, const std::string& path,
                                             http::request<http::string_body> request) {
  const auto message = exchange_with_token(address, path, std::move(request));
  if (!message) return tl::unexpected(message.error());
  const auto body = nlohmann::ordered_json::parse(message->body(), nullptr, /*allow_exceptions=*/false);
  if (body.is_object() && message->result() == http::status::ok) return body;
  if (const auto error = error_in(body)) return tl::unexpected(*error);
  return strange_status(address.url, path, message->result_int());
}

}  // namespace

Result<nlohmann::ordered_json> ask_api(const ApiAddress& address, const std::string& path,
                                       const ledger::NamedTexts& parameters) {
  return exchange_json(address, path, {http::verb::get, reports::address_of(path, parameters), 11});
}

Result<std::string> ask_api_text(const ApiAddress& address, const std::string& path) {
  auto message = exchange_with_token(address, path, {http::verb::get, path, 11});
  if (!message) return tl::unexpected(message.error());
  if (message->result() == http::status::ok) return std::move(message->body());
  const auto body = nlohmann::ordered_json::parse(message->body(), nullptr, /*allow_exceptions=*/false);
  if (const auto error = error_in(body)) return tl::unexpected(*error);
  return strange_status(address.url, path, message->result_int());
}

Result<nlohmann::ordered_json> tell_api(const ApiAddress& address, const std::string& path, const std::string& body) {
  http::request<http::string_body> request{http::verb::post, path, 11};
  request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  return exchange_json(address, path, std::move(request));
}

Result<std::string> ask_public(const std::string& url, const std::string& path) {
  auto message = exchange(url, path, {http::verb::get, path, 11});
  if (!message) return tl::unexpected(message.error());
  if (message->result() != http::status::ok) return strange_status(url, path, message->result_int());
  return std::move(message->body());
}

}  // namespace hub::app
