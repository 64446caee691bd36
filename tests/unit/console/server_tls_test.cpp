#include "hub/console/server_tls.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "hub/console/http_client.hpp"
#include "hub/console/http_server.hpp"
#include "hub/runtime/real_ports.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/console/raw_client.hpp"
#include "tests/unit/console/test_certificate.hpp"

namespace hub::console {
namespace {

using std::chrono::milliseconds;
using test::make_certificate;
using test::RawClient;

Result<std::shared_ptr<const ServerTls>> load_now(const TlsFiles& files) {
  return ServerTls::load(files, runtime::SystemClock().now());
}

ErrorCode refusal_of(const TlsFiles& files) {
  const auto loaded = load_now(files);
  REQUIRE_FALSE(loaded.has_value());
  return loaded.error().code;
}

Response text_response(std::string text) {
  Response response;
  response.body = std::move(text);
  return response;
}

// A server with TLS that says what path it was asked for.
class SecureEcho {
 public:
  explicit SecureEcho(const TlsFiles& files, const HttpTimes& times = {})
      : server_(HttpServer::listen({"127.0.0.1", 0, true}, times, load_now(files).value()).value()), thread_([this] {
          server_->run([this](const Request& request, const Reply& reply) {
            if (request.path == "/big") return reply(text_response(std::string(2000, 'b')));
            if (request.path != "/slow") return reply(text_response(request.path + " " + std::to_string(request.body.size())));
            server_->after(milliseconds(1'000), [reply] { reply(text_response("late")); });
          });
        }) {}
  ~SecureEcho() {
    server_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }
  HttpServer& server() { return *server_; }
  HttpQuestion question(const std::string& ca, const std::string& path = "/") const {
    return {.url = *parse_url("https://127.0.0.1:" + std::to_string(port()) + path), .ca = ca};
  }

 private:
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a certificate and its key are taken, with when it ends and what it is for") {
  const test::TemporaryFolder folder;
  const auto loaded = load_now(make_certificate(folder.path("a")));
  REQUIRE(loaded.has_value());
  const std::int64_t left = (*loaded)->expires().value - runtime::SystemClock().now().value;
  CHECK(left > 3500 * kMicrosPerSecond);
  CHECK(left <= 3600 * kMicrosPerSecond);
  CHECK((*loaded)->name() == "hub.test");
  CHECK(load_now(make_certificate(folder.path("b"), "*.hub.test")).value()->name().empty());
}

TEST_CASE("a certificate that is not in force, and a key of another one, are refused") {
  const test::TemporaryFolder folder;
  CHECK(refusal_of(make_certificate(folder.path("old"), "hub.test", -7200, -3600)) == ErrorCode::certificate_not_in_force);
  CHECK(refusal_of(make_certificate(folder.path("new"), "hub.test", 3600, 7200)) == ErrorCode::certificate_not_in_force);
  const TlsFiles a = make_certificate(folder.path("a")), b = make_certificate(folder.path("b"));
  CHECK(refusal_of({a.certificate, b.key}) == ErrorCode::certificate_key_foreign);
}

TEST_CASE("files that are missing, no PEM, or readable for others are refused by name") {
  const test::TemporaryFolder folder;
  const TlsFiles good = make_certificate(folder.path("a"));
  CHECK(refusal_of({folder.path("none"), good.key}) == ErrorCode::io_failed);
  CHECK(refusal_of({good.certificate, folder.path("none")}) == ErrorCode::io_failed);
  CHECK(refusal_of({folder.path(), good.key}) == ErrorCode::io_failed);
  CHECK(refusal_of({good.key, good.key}) == ErrorCode::config_invalid);
  std::ofstream(folder.path("text")) << "no PEM\n";
  ::chmod(folder.path("text").c_str(), 0600);
  CHECK(refusal_of({good.certificate, folder.path("text")}) == ErrorCode::config_invalid);
  ::chmod(good.key.c_str(), 0640);
  const auto readable = load_now(good);
  CHECK(readable.error().code == ErrorCode::config_invalid);
  CHECK(readable.error().fact("file") == good.key);
  CHECK(readable.error().fact("reason").find("chmod 600") != std::string::npos);
}

TEST_CASE("a request by TLS is answered, and who does not know the certificate or the name is told") {
  const test::TemporaryFolder folder;
  const TlsFiles files = make_certificate(folder.path("a")), other = make_certificate(folder.path("b"));
  const SecureEcho echo(files);
  auto question = echo.question(files.certificate, "/path?query");
  question.method = "POST";
  question.body = std::string(kBodyBytesMax, 'b');
  const auto answer = ask_http(question);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(answer->body == "/path 65536");
  CHECK(ask_http(echo.question(other.certificate)).error().code == ErrorCode::certificate_untrusted);
  CHECK(ask_http(echo.question("")).error().code == ErrorCode::certificate_untrusted);
  CHECK(ask_http(echo.question(folder.path("none"))).error().code == ErrorCode::io_failed);
  question.url = *parse_url("https://localhost:" + std::to_string(echo.port()) + "/");
  const auto misnamed = ask_http(question);
  REQUIRE_FALSE(misnamed.has_value());
  CHECK(misnamed.error().code == ErrorCode::certificate_untrusted);
}

TEST_CASE("an answer too large or too late is no answer") {
  const test::TemporaryFolder folder;
  const TlsFiles files = make_certificate(folder.path("a"));
  const SecureEcho echo(files);
  auto question = echo.question(files.certificate, "/big");
  question.bytes_max = 1999;
  CHECK(ask_http(question).error().code == ErrorCode::io_failed);
  question.bytes_max = 2000;
  CHECK(ask_http(question).value().body.size() == 2000);
  question = echo.question(files.certificate, "/slow");
  question.time_max = milliseconds(100);
  CHECK(ask_http(question).error().code == ErrorCode::io_failed);
}

TEST_CASE("who says nothing, speaks in the clear or sends garbage is closed, and others are served on") {
  const test::TemporaryFolder folder;
  const TlsFiles files = make_certificate(folder.path("a"));
  const SecureEcho echo(files, {milliseconds(400), milliseconds(300), milliseconds(2000), milliseconds(200)});
  RawClient silent(echo.port()), plain(echo.port()), garbage(echo.port()), halting(echo.port());
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  garbage.send(std::string(5000, '\x16'));
  halting.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));  // a handshake that goes no further
  CHECK(silent.closed());
  CHECK(halting.closed());
  for (RawClient* strange : {&plain, &garbage}) {
    const std::string said = strange->answer();  // an alert at most
    CHECK(said.size() < 20);
    CHECK(said.find("HTTP") == std::string::npos);
  }
  CHECK(ask_http(echo.question(files.certificate)).has_value());
}

TEST_CASE("connections that only shake hands count, and one more than the bound is closed") {
  const test::TemporaryFolder folder;
  const TlsFiles files = make_certificate(folder.path("a"));
  const SecureEcho echo(files);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t i = 0; i < kConnectionsMax; ++i) clients.push_back(std::make_unique<RawClient>(echo.port()));
  RawClient too_many(echo.port());
  CHECK(too_many.closed());
}

TEST_CASE("a renewed certificate is shown from the next connection on") {
  const test::TemporaryFolder folder;
  const TlsFiles first = make_certificate(folder.path("a")), second = make_certificate(folder.path("b"));
  SecureEcho echo(first);
  CHECK(ask_http(echo.question(first.certificate)).has_value());
  echo.server().post([&] { echo.server().renew(load_now(second).value()); });
  CHECK(ask_http(echo.question(second.certificate)).has_value());
  CHECK(ask_http(echo.question(first.certificate)).error().code == ErrorCode::certificate_untrusted);
}

TEST_CASE("a URL is a scheme, a host, perhaps a port, and what is asked for there") {
  const auto named = parse_url("https://hub.example/a/b?c=d");
  REQUIRE(named.has_value());
  CHECK((named->secure && named->host == "hub.example" && named->port == 443 && named->target == "/a/b?c=d"));
  CHECK_FALSE(named->loopback);
  const auto local = parse_url("http://[::1]:8080");
  REQUIRE(local.has_value());
  CHECK((local->loopback && local->host == "::1" && local->port == 8080 && local->target == "/"));
  CHECK(parse_url("https://hub.example:7480?q")->target == "/?q");
  for (const char* bad : {"", "hub.example", "ftp://hub.example", "https://", "https://:80", "https://a b", "https://u@hub",
                          "https://hub:0x1/", "https://hub:65536", "https://hub/#f", "https://::1/", "https://hub\r\n"})
    CHECK_FALSE(parse_url(bad).has_value());
}

}  // namespace hub::console
