// A client that sends any bytes, and reads what comes, each wait with a deadline.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "hub/base/check.hpp"

namespace hub::test {

class RawClient {
 public:
  static constexpr int kWaitMillis = 20'000;

  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    HUB_CHECK(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the other side has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void end_of_sending() { ::shutdown(socket_, SHUT_WR); }

  // One answer with its body (none to HEAD); what comes before the close when that is no whole answer.
  std::string answer(bool head = false) {
    std::size_t end = std::string::npos;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos)
      if (!read()) return take(received_.size());
    const std::string lower = received_.substr(0, end);
    const std::size_t field = lower.find("Content-Length: ");
    HUB_CHECK(field != std::string::npos);
    const std::size_t whole = end + 4 + (head ? 0 : std::stoul(lower.substr(field + 16)));
    while (received_.size() < whole && read()) {
    }
    return take(std::min(whole, received_.size()));
  }
  // Whether there is something to read by now, or the other side has closed.
  bool has_come() const {
    pollfd ready{socket_, POLLIN, 0};
    return !received_.empty() || ::poll(&ready, 1, 0) == 1;
  }
  // Reads until that has come.
  void wait_for(std::string_view text) {
    while (received_.find(text) == std::string::npos) HUB_CHECK(read());
  }
  // All that came and comes until the other side closes.
  std::string rest() {
    while (read()) {
    }
    return take(received_.size());
  }
  // Whether the other side closes, and sends nothing before it.
  bool closed() {
    while (received_.empty() && read()) {
    }
    return received_.empty();
  }

 private:
  bool read() {
    pollfd item{socket_, POLLIN, 0};
    HUB_CHECK(::poll(&item, 1, kWaitMillis) == 1);
    char bytes[4096];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
  std::string take(std::size_t bytes) {
    std::string out = received_.substr(0, bytes);
    received_.erase(0, bytes);
    return out;
  }

  int socket_;
  std::string received_;
};

}  // namespace hub::test
