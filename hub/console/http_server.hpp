// HTTP/1.1 over TCP, with TLS or in the clear, for a few clients, each of them unable to take more than its share: connections, header,
// body and time are bounded. It knows nothing of what is asked.
//
// One thread calls run() and is where handlers and everything posted run; stop() and post() are for any thread. Of
// the server, http_server.cpp alone sees the HTTP library.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "hub/console/http_message.hpp"
#include "hub/console/server_tls.hpp"

namespace hub::console {

constexpr std::size_t kConnectionsMax = 64;       // one more is closed at once
constexpr std::size_t kHeaderBytesMax = 8 << 10;  // request line and fields, with the empty line: 431
constexpr std::size_t kBodyBytesMax = 64 << 10;   // 413
constexpr std::size_t kStreamBytesMax = 1 << 20;  // of an answer that goes on, not taken yet: cut

struct HttpTimes {
  std::chrono::milliseconds idle{75'000};     // between two requests; longer than between two scrapes
  std::chrono::milliseconds request{10'000};  // from a request's first byte to its last; for a handshake of TLS
  std::chrono::milliseconds answer{10'000};   // for a client to take an answer
  std::chrono::milliseconds linger{1'000};    // for it to read an error, before a connection that sends on is reset
};

// "127.0.0.1:7480", "[::1]:7480"; port 0: any. Nothing when it is no such text.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
  bool loopback = false;
};
std::optional<ListenAddress> parse_listen_address(std::string_view text);

class HttpServer {
 public:
  // io_failed when the address can't be listened on. Without TLS in the clear.
  static Result<std::unique_ptr<HttpServer>> listen(const ListenAddress& address, const HttpTimes& times,
                                                    std::shared_ptr<const ServerTls> tls = nullptr);
  ~HttpServer();

  std::uint16_t port() const;
  // Until stop(); then until what is being answered is written, at most a second.
  void run(Handler handler);
  void stop();

  void post(std::function<void()> work);
  // From the server's thread.
  void after(std::chrono::milliseconds delay, std::function<void()> work);
  // A renewed certificate, for connections from now on. From the server's thread; of a server with TLS.
  void renew(std::shared_ptr<const ServerTls> tls);
  std::size_t connections() const;
  std::uint64_t connections_refused() const;
  std::uint64_t requests_answered() const;

 private:
  class State;
  class Connection;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace hub::console
