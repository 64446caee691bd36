// The bytes of one connection, in the clear or by TLS: what Boost.Beast reads from and writes to, for server and client.
// The times that are set on tcp() bound every operation, those of TLS too.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <variant>

namespace hub::console {

class Transport {
 public:
  using Plain = boost::beast::tcp_stream;
  using Secure = boost::beast::ssl_stream<Plain>;
  using executor_type = Plain::executor_type;

  // `from`: a socket or what runs one. Without a context in the clear; it may go once the connection is made.
  template <class From>
  Transport(From&& from, boost::asio::ssl::context* tls)
      : stream_(tls != nullptr ? Stream(std::in_place_type<Secure>, std::forward<From>(from), *tls)
                               : Stream(std::in_place_type<Plain>, std::forward<From>(from))) {}

  executor_type get_executor() { return tcp().get_executor(); }
  Plain& tcp() {
    return std::visit([](auto& stream) -> Plain& { return boost::beast::get_lowest_layer(stream); }, stream_);
  }
  // Nothing in the clear.
  Secure* secure() { return std::get_if<Secure>(&stream_); }

  template <class Buffers, class Done>
  void async_read_some(const Buffers& buffers, Done&& done) {
    std::visit([&](auto& stream) { stream.async_read_some(buffers, std::forward<Done>(done)); }, stream_);
  }
  template <class Buffers, class Done>
  void async_write_some(const Buffers& buffers, Done&& done) {
    std::visit([&](auto& stream) { stream.async_write_some(buffers, std::forward<Done>(done)); }, stream_);
  }

 private:
  using Stream = std::variant<Plain, Secure>;
  Stream stream_;
};

}  // namespace hub::console
