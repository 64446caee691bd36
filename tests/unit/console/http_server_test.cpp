#include "hub/console/http_server.hpp"

#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "tests/unit/console/raw_client.hpp"

namespace hub::console {
namespace {

using std::chrono::milliseconds;
using test::RawClient;

HttpTimes short_times() { return {milliseconds(400), milliseconds(300), milliseconds(2000), milliseconds(200)}; }

// A server that says what it was asked.
class Echo {
 public:
  explicit Echo(const HttpTimes& times = {})
      : server_(HttpServer::listen({"127.0.0.1", 0, true}, times).value()), thread_([this] {
          server_->run([](const Request& request, const Reply& reply) {
            Response response;
            response.content_type = "text/plain";
            response.body = request.method + " " + request.path + " " + request.query + " " +
                            std::to_string(request.body.size()) + " " + request.authorization;
            reply(response);
          });
        }) {}
  ~Echo() {
    server_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }

 private:
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

// A server whose every answer goes on: what it begins with is the test's.
class EventSource {
 public:
  EventSource(const HttpTimes& times, std::function<void(EventSink&)> begin)
      : server_(HttpServer::listen({"127.0.0.1", 0, true}, times).value()), thread_([this, begin = std::move(begin)] {
          server_->run([this, begin](const Request&, const Reply& reply) {
            Response response;
            response.content_type = "text/event-stream";
            response.stream = [this, begin](std::shared_ptr<EventSink> sink) {
              begin(*sink);
              sink_ = std::move(sink);
            };
            reply(response);
          });
        }) {}
  ~EventSource() {
    end();
    server_->stop();
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }
  void end() {
    server_->post([this] { drop(); });
  }
  // Sends on until it is refused.
  bool is_told_that_it_is_gone() {
    std::promise<void> gone;
    send_on(gone);
    return gone.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  }

 private:
  void drop() {
    if (sink_) sink_->end();
    sink_.reset();
  }
  void send_on(std::promise<void>& gone) {
    server_->after(milliseconds(20), [this, &gone] {
      if (sink_ && !sink_->send(std::string(16 << 10, 'x'))) return gone.set_value();
      send_on(gone);
    });
  }

  std::unique_ptr<HttpServer> server_;
  std::shared_ptr<EventSink> sink_;
  std::thread thread_;
};

std::string ask(std::uint16_t port, std::string_view request) {
  RawClient client(port);
  client.send(request);
  return client.answer();
}

// A request whose line and fields are so many bytes, with the empty line.
std::string with_header_of(std::size_t bytes) {
  const std::string start = "GET / HTTP/1.1\r\nX: ", end = "\r\n\r\n";
  return start + std::string(bytes - start.size() - end.size(), 'x') + end;
}

std::string with_body_of(std::size_t bytes) {
  return "POST /p HTTP/1.1\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'b');
}

}  // namespace

TEST_CASE("a request is answered with its path, query and body, and the connection goes on") {
  const Echo echo;
  RawClient client(echo.port());
  client.send("GET /a/b?c=d HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n\r\n");
  CHECK(client.answer().ends_with("\r\n\r\nGET /a/b c=d 0 Bearer t"));
  client.send(with_body_of(3));
  CHECK(client.answer().ends_with("POST /p  3 "));
}

TEST_CASE("requests that are sent ahead are answered in order") {
  const Echo echo;
  RawClient client(echo.port());
  client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\nConnection: close\r\n\r\n");
  for (const char* path : {"GET /1 ", "GET /2 ", "GET /3 "}) CHECK(client.answer().find(path) != std::string::npos);
  CHECK(client.closed());
}

TEST_CASE("an answer may not be cached, sniffed or framed") {
  const Echo echo;
  const std::string answer = ask(echo.port(), "GET / HTTP/1.1\r\n\r\n");
  for (const char* field : {"HTTP/1.1 200 OK\r\n", "Cache-Control: no-store\r\n", "X-Content-Type-Options: nosniff\r\n",
                            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"})
    CHECK(answer.find(field) != std::string::npos);
  CHECK(answer.find("Access-Control") == std::string::npos);
  CHECK(answer.find("Server:") == std::string::npos);
}

TEST_CASE("HEAD gets the header of GET and no body, and the connection goes on") {
  const Echo echo;
  RawClient client(echo.port());
  client.send("HEAD /h HTTP/1.1\r\n\r\nGET /g HTTP/1.1\r\n\r\n");
  const std::string head = client.answer(/*head=*/true);
  CHECK(head.find("Content-Length: 10\r\n") != std::string::npos);
  CHECK(head.ends_with("\r\n\r\n"));
  CHECK(client.answer().ends_with("GET /g  0 "));
}

TEST_CASE("HTTP/1.0 is answered and closed, unless it asks to go on") {
  const Echo echo;
  RawClient client(echo.port());
  client.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(client.answer().find("GET /old") != std::string::npos);
  client.send("GET /old HTTP/1.0\r\n\r\n");
  CHECK(client.answer().starts_with("HTTP/1.0 200"));
  CHECK(client.closed());
}

TEST_CASE("a header at its limit is taken, and one byte more is 431") {
  const Echo echo;
  CHECK(ask(echo.port(), with_header_of(kHeaderBytesMax)).starts_with("HTTP/1.1 200"));
  const std::string refused = ask(echo.port(), with_header_of(kHeaderBytesMax + 1));
  CHECK(refused.starts_with("HTTP/1.1 431"));
  CHECK(refused.find("header-too-large") != std::string::npos);
}

TEST_CASE("a body at its limit is taken, and one byte more is 413, announced or in chunks") {
  const Echo echo;
  CHECK(ask(echo.port(), with_body_of(kBodyBytesMax)).find(" 65536 ") != std::string::npos);
  const std::string refused = ask(echo.port(), with_body_of(kBodyBytesMax + 1));
  CHECK(refused.starts_with("HTTP/1.1 413"));
  CHECK(refused.find("request-too-large") != std::string::npos);
  std::string chunked = "POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 17; ++i) chunked += "1000\r\n" + std::string(4096, 'c') + "\r\n";
  CHECK(ask(echo.port(), chunked + "0\r\n\r\n").starts_with("HTTP/1.1 413"));
}

TEST_CASE("what is no HTTP is 400, after good requests too, and ends the connection") {
  const Echo echo;
  const std::string_view texts[] = {"\x16\x03\x01\x02 hello\r\n\r\n",
                                    "GET\r\n\r\n",
                                    "GET / HTTP/9.9\r\n\r\n",
                                    "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                                    "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                                    "GET / HTTP/1.1\r\nA b: c\r\n\r\n",
                                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"};
  for (const std::string_view text : texts) {
    CAPTURE(text);
    RawClient client(echo.port());
    client.send(text);
    const std::string answer = client.answer();
    CHECK(answer.starts_with("HTTP/1.1 400"));
    CHECK(answer.find("request-malformed") != std::string::npos);
    client.end_of_sending();
    CHECK(client.closed());
  }
  RawClient client(echo.port());
  client.send("GET /1 HTTP/1.1\r\n\r\n\r\x01garbage\r\n\r\n");
  CHECK(client.answer().starts_with("HTTP/1.1 200"));
  CHECK(client.answer().starts_with("HTTP/1.1 400"));
}

TEST_CASE("a client that sends its request too slowly is cut off, and so is one that sends nothing") {
  const Echo echo(short_times());
  RawClient silent(echo.port()), slow(echo.port());
  slow.send("GET / HTTP/1.1\r\nX: ");
  CHECK(slow.closed());
  CHECK(silent.closed());
}

TEST_CASE("a request that never ends is cut off however fast its bytes come") {
  const Echo echo(short_times());
  RawClient client(echo.port());
  const auto began = std::chrono::steady_clock::now();
  client.send("GET / HTTP/1.1\r\n");
  while (client.send("X")) {  // as fast as it is taken; a field's name is not bounded by itself
    if (std::chrono::steady_clock::now() - began > std::chrono::seconds(20)) break;
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
}

TEST_CASE("so many connections are kept, one more is closed, and one that leaves makes room") {
  const Echo echo;
  std::vector<std::unique_ptr<RawClient>> clients;
  const auto works = [](RawClient& client) {
    client.send("GET / HTTP/1.1\r\n\r\n");
    return client.answer().starts_with("HTTP/1.1 200");
  };
  for (std::size_t i = 0; i < kConnectionsMax; ++i) {
    clients.push_back(std::make_unique<RawClient>(echo.port()));
    REQUIRE(works(*clients.back()));
  }
  RawClient too_many(echo.port());
  CHECK(too_many.closed());
  RawClient& leaver = *clients.back();
  leaver.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(leaver.answer().starts_with("HTTP/1.1 200"));
  leaver.end_of_sending();
  CHECK(leaver.closed());
  clients.pop_back();
  bool found_room = false;
  for (int attempt = 0; attempt < 1000 && !found_room; ++attempt) {  // the server may be a moment behind its own close
    RawClient next(echo.port());
    found_room = works(next);
  }
  CHECK(found_room);
}

TEST_CASE("a reply that another thread is the last to hold frees its connection, given or not") {
  auto server = HttpServer::listen({"127.0.0.1", 0, true}, {}).value();
  std::vector<std::thread> holders;
  std::atomic<int> asked{0};
  std::thread thread([&] {
    server->run([&](const Request& request, Reply reply) {
      const bool is_given = request.path == "/given";
      holders.emplace_back([&, is_given, reply = std::move(reply)]() mutable {
        if (is_given) server->post([reply] { reply(Response{}); });
        reply = nullptr;
        ++asked;
      });
    });
  });
  constexpr int kRounds = 2 * static_cast<int>(kConnectionsMax);  // more than fit, were they not freed
  for (int i = 0; i < kRounds; ++i) {
    RawClient client(server->port());
    client.send(std::string("GET ") + (i % 2 == 0 ? "/given" : "/dropped") + " HTTP/1.1\r\nConnection: close\r\n\r\n");
    const std::string answer = client.rest();
    CHECK((i % 2 == 0 ? answer.starts_with("HTTP/1.1 200") : answer.empty()));
  }
  server->stop();
  thread.join();
  for (std::thread& holder : holders) holder.join();
  CHECK(asked == kRounds);
}

TEST_CASE("an address is an IP address and a port, and says whether it is loopback") {
  CHECK(parse_listen_address("127.0.0.1:7480")->loopback);
  CHECK(parse_listen_address("[::1]:0")->loopback);
  CHECK_FALSE(parse_listen_address("0.0.0.0:80")->loopback);
  CHECK_FALSE(parse_listen_address("192.168.1.2:80")->loopback);
  CHECK(parse_listen_address("127.0.0.1:65535")->port == 65'535);
  for (const char* bad : {"", "7480", "localhost:7480", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                          "::1:80", "[127.0.0.1]:80", "127.0.0.1:7x"})
    CHECK_FALSE(parse_listen_address(bad).has_value());
}

TEST_CASE("an address that is taken is an error that names it") {
  const Echo echo;
  const auto again = HttpServer::listen({"127.0.0.1", echo.port(), true}, {});
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == ErrorCode::io_failed);
}

TEST_CASE("an answer that goes on is what is sent, piece by piece, until its end") {
  EventSource source({}, [](EventSink& sink) {
    CHECK(sink.send("one\n\n"));
    CHECK(sink.send("two\n\n"));
  });
  RawClient client(source.port());
  client.send("GET /events HTTP/1.1\r\n\r\n");
  client.wait_for("two\n\n");
  source.end();
  const std::string all = client.rest();
  CHECK(all.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(all.find("Content-Type: text/event-stream\r\n") != std::string::npos);
  CHECK(all.find("Content-Length") == std::string::npos);
  CHECK(all.ends_with("\r\n\r\none\n\ntwo\n\n"));
}

TEST_CASE("HEAD of an answer that goes on is its header") {
  EventSource source({}, [](EventSink& sink) { sink.send("one"); });
  RawClient client(source.port());
  client.send("HEAD /events HTTP/1.1\r\n\r\n");
  CHECK(client.rest().ends_with("\r\n\r\n"));
}

TEST_CASE("what waits for a slow reader of an answer that goes on is bounded, and one byte more ends it") {
  bool fits = false, is_over = false, is_gone = false;
  {
    // Nothing is written before the handler returns, so all of it waits. The header is already there.
    EventSource source({}, [&](EventSink& sink) {
      const std::size_t room = kStreamBytesMax - kHeaderBytesMax;
      fits = sink.send(std::string(room, 'x'));
      is_over = !sink.send(std::string(kHeaderBytesMax + 1, 'x'));
      is_gone = !sink.send("x");
    });
    RawClient client(source.port());
    client.send("GET /events HTTP/1.1\r\n\r\n");
    client.rest();
  }
  CHECK(fits);
  CHECK(is_over);
  CHECK(is_gone);
}

TEST_CASE("a reader of an answer that goes on who takes nothing is cut") {
  EventSource source(short_times(), [](EventSink& sink) { sink.send(std::string(kStreamBytesMax / 2, 'x')); });
  RawClient client(source.port());
  client.send("GET /events HTTP/1.1\r\n\r\n");
  CHECK(source.is_told_that_it_is_gone());
}

}  // namespace hub::console
