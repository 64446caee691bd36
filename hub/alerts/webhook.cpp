#include "hub/alerts/webhook.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace hub::alerts {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::string_view kWebhookScheme = "http://";
constexpr std::size_t kAnswerBytesMax = 64 << 10;

struct Post {
  asio::io_context io;
  beast::tcp_stream stream{io};
  http::request<http::string_body> request;
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> answer;
  boost::system::error_code error;

  void run(const asio::ip::tcp::endpoint& to) {
    answer.body_limit(kAnswerBytesMax);
    stream.expires_after(kWebhookTime);
    stream.async_connect(to, [this](const boost::system::error_code& connected) {
      if ((error = connected)) return;
      http::async_write(stream, request, [this](const boost::system::error_code& written, std::size_t) {
        if ((error = written)) return;
        http::async_read(stream, buffer, answer, [this](const boost::system::error_code& read, std::size_t) { error = read; });
      });
    });
    io.run();
  }
};

}  // namespace

std::optional<WebhookAddress> parse_webhook(std::string_view url) {
  if (!url.starts_with(kWebhookScheme)) return std::nullopt;
  url.remove_prefix(kWebhookScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  const std::string_view place = url.substr(0, slash);
  const std::size_t colon = place.rfind(':');
  if (colon == place.npos) return std::nullopt;
  std::string_view host = place.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(std::string(host), error);
  const std::string port(place.substr(colon + 1));
  const bool is_number = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
  if (error || !address.is_loopback() || !is_number || std::stoul(port) > 65'535 || std::stoul(port) == 0) return std::nullopt;
  const std::string_view path = url.substr(slash);
  return WebhookAddress{std::string(host), static_cast<std::uint16_t>(std::stoul(port)), path.empty() ? "/" : std::string(path)};
}

void Webhook::add(std::string json) {
  if (waiting_.size() >= kWebhookWaitingMax) {
    spdlog::error("the webhook has not taken {} alerts; the oldest is given up", waiting_.size());
    waiting_.pop_front();
  }
  waiting_.push_back(std::move(json));
}

void Webhook::send() {
  while (!waiting_.empty()) {
    const auto refusal = refuse(waiting_.front());
    if (refusal && !failing_)
      spdlog::error("the webhook at {}:{}{} takes no alerts, and they wait for it: {}", address_.host, address_.port,
                    address_.path, *refusal);
    if (!refusal && failing_) spdlog::info("the webhook takes alerts again");
    failing_ = refusal.has_value();
    if (refusal) return;
    waiting_.pop_front();
  }
}

std::optional<std::string> Webhook::refuse(const std::string& json) const {
  Post post;
  post.request = {http::verb::post, address_.path, 11};
  post.request.set(http::field::host, address_.host + ":" + std::to_string(address_.port));
  post.request.set(http::field::content_type, "application/json");
  post.request.body() = json;
  post.request.prepare_payload();
  post.run({asio::ip::make_address(address_.host), address_.port});
  if (post.error) return post.error.message();
  const unsigned status = post.answer.get().result_int();
  return status / 100 == 2 ? std::nullopt : std::optional("HTTP " + std::to_string(status));
}

}  // namespace hub::alerts
