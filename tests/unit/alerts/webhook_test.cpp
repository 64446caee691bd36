#include "hub/alerts/webhook.hpp"

#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace hub::alerts {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// Answers each request with the next of the statuses.
class Listener {
 public:
  explicit Listener(std::vector<unsigned> statuses)
      : acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}), port_(acceptor_.local_endpoint().port()),
        thread_([this, statuses = std::move(statuses)] {
          for (const unsigned status : statuses) answer(status);
        }) {}
  ~Listener() { thread_.join(); }
  std::uint16_t port() const { return port_; }
  std::vector<std::string> bodies;

 private:
  void answer(unsigned status) {
    asio::ip::tcp::socket socket = acceptor_.accept();
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::read(socket, buffer, request);
    bodies.push_back(request.body());
    http::response<http::string_body> response(static_cast<http::status>(status), 11);
    response.prepare_payload();
    http::write(socket, response);
  }
  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("changes are posted in order, and one that is not taken comes again") {
  std::optional<Webhook> webhook;
  std::vector<std::string> bodies;
  {
    Listener listener({204, 500, 200, 200});
    webhook.emplace(WebhookAddress{"127.0.0.1", listener.port(), "/hub"});
    webhook->add("1");
    webhook->add("2");
    webhook->add("3");
    webhook->send();
    CHECK(webhook->waiting() == 2);
    webhook->send();
    CHECK(webhook->waiting() == 0);
    bodies = listener.bodies;
  }
  CHECK(bodies == std::vector<std::string>{"1", "2", "2", "3"});
}

TEST_CASE("where nobody listens changes wait, and the oldest goes when there are too many") {
  Webhook webhook({"127.0.0.1", 1, "/"});
  for (std::size_t i = 0; i < kWebhookWaitingMax; ++i) webhook.add("x");
  CHECK(webhook.waiting() == kWebhookWaitingMax);
  webhook.add("one more");
  CHECK(webhook.waiting() == kWebhookWaitingMax);
  webhook.send();
  CHECK(webhook.waiting() == kWebhookWaitingMax);
}

TEST_CASE("a webhook is an address of loopback with a port") {
  const auto good = parse_webhook("http://127.0.0.1:9093/hub?a=1");
  REQUIRE(good.has_value());
  CHECK(good->port == 9093);
  CHECK(good->path == "/hub?a=1");
  CHECK(parse_webhook("http://[::1]:80")->path == "/");
  for (const char* bad : {"https://127.0.0.1:1/", "http://127.0.0.1/", "http://10.0.0.1:80/", "http://localhost:80/", "",
                          "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://127.0.0.1:x/"})
    CHECK_FALSE(parse_webhook(bad).has_value());
}

}  // namespace hub::alerts
