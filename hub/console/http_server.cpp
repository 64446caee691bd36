#include "hub/console/http_server.hpp"

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <deque>
#include <optional>
#include <set>
#include <sstream>

#include "hub/base/check.hpp"
#include "hub/console/transport.hpp"

namespace hub::console {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kStopMillis{1'000};
constexpr std::size_t kReadBytes = 16 << 10;
constexpr std::size_t kLingerBytesMax = 256 << 10;
constexpr const char* kStrictTransport = "max-age=31536000";  // a year, in seconds

Response malformed(std::string reason) {
  return error_response(400, {ErrorCode::request_malformed, {{"reason", std::move(reason)}}});
}

// A failure that the client is told of; nothing for one that leaves nobody to tell.
std::optional<Response> failure_response(const error_code& error) {
  const auto limit = [](std::size_t bytes) { return std::vector<Fact>{{"limit", std::to_string(bytes)}}; };
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return error_response(431, {ErrorCode::header_too_large, limit(kHeaderBytesMax)});
  if (error == http::error::body_limit)
    return error_response(413, {ErrorCode::request_too_large, limit(kBodyBytesMax)});
  const bool of_the_text = error.category() == make_error_code(http::error::bad_method).category();
  if (!of_the_text || error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  return malformed(error.message());
}

}  // namespace

class HttpServer::State {
 public:
  State(const HttpTimes& chosen, std::shared_ptr<const ServerTls> chosen_tls)
      : times(chosen), tls(std::move(chosen_tls)), acceptor(io) {}

  void accept();
  void shut();

  const HttpTimes times;
  std::shared_ptr<const ServerTls> tls;  // nothing: in the clear
  std::set<Connection*> connections;  // outlives io, with which the last of them go
  asio::io_context io{1};
  tcp::acceptor acceptor;
  Handler handler;
  std::uint64_t refused = 0, answered = 0;
  bool stopping = false;
};

// One connection. It lives as long as something is under way on it: a read, a write, or a handler's answer, which may go on.
class HttpServer::Connection : public std::enable_shared_from_this<Connection>, public EventSink {
 public:
  Connection(State& server, tcp::socket socket)
      : server_(server), stream_(std::move(socket), server.tls ? &server.tls->context() : nullptr) {
    server_.connections.insert(this);
  }
  ~Connection() override { server_.connections.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Nobody is told why a handshake failed: what came is no TLS, or none that is taken.
  void begin() {
    if (stream_.secure() == nullptr) return wait();
    waiting_ = true;
    stream_.tcp().expires_after(server_.times.request);
    stream_.secure()->async_handshake(asio::ssl::stream_base::server,
                                      [self = shared_from_this()](const error_code& error) {
                                        self->waiting_ = false;
                                        if (error) return self->close();
                                        self->wait();
                                      });
  }
  void wait() {
    if (server_.stopping) return close();
    if (buffer_.size() > 0) return read();  // sent ahead
    waiting_ = true;
    stream_.tcp().expires_after(server_.times.idle);
    stream_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                              self->waiting_ = false;
                              self->buffer_.commit(bytes);
                              if (!error) self->read();
                            });
  }
  bool send(const std::string& text) override {
    if (!stream_.tcp().socket().is_open()) return false;
    if (unsent_bytes_ + text.size() > kStreamBytesMax) return close(), false;
    unsent_bytes_ += text.size();
    unsent_.push_back(text);
    if (unsent_.size() == 1) send_next();
    return true;
  }
  void end() override { close(); }

  // The hub stops: who is waiting for nothing is let go.
  void stop() {
    if (waiting_) close();
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  void read() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(kBodyBytesMax);
    stream_.tcp().expires_after(server_.times.request);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                              // The parser bounds the request line and the fields, each by itself.
                              if (!error && bytes > kHeaderBytesMax) return self->take(http::error::header_limit);
                              if (error) return self->take(error);
                              self->read_body();
                            });
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const error_code& error, std::size_t) { self->take(error); });
  }

  void take(const error_code& error) {
    stream_.tcp().expires_never();
    head_ = false;
    if (error) {
      keep_alive_ = false;
      version_ = 11;
      const auto response = failure_response(error);
      return response ? write(*response) : close();
    }
    const auto& message = parser_->get();
    if (message.version() != 10 && message.version() != 11) {
      keep_alive_ = false;
      version_ = 11;
      return write(malformed("the version is neither HTTP/1.0 nor HTTP/1.1"));
    }
    version_ = message.version();
    keep_alive_ = message.keep_alive();
    head_ = message.method() == http::verb::head;
    Request request;
    request.method = head_ ? "GET" : std::string(message.method_string());
    const std::string_view target(message.target().data(), message.target().size());
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    if (question != target.npos) request.query = target.substr(question + 1);
    request.authorization = std::string(message[http::field::authorization]);
    request.if_none_match = std::string(message[http::field::if_none_match]);
    request.cookie = std::string(message[http::field::cookie]);
    request.csrf_token = std::string(message["X-CSRF-Token"]);
    request.origin = std::string(message[http::field::origin]);
    request.host = std::string(message[http::field::host]);
    request.fetch_site = std::string(message["Sec-Fetch-Site"]);
    request.is_repeated = message.find("X-Repeated") != message.end();
    request.body = message.body();
    server_.handler(request, [self = held()](const Response& response) { self->write(response); });
  }

  // For a reply, which another thread may be the last to let go of: the connection goes on the server's.
  std::shared_ptr<Connection> held() {
    return {this, [self = shared_from_this()](Connection*) mutable {
              asio::io_context& io = self->server_.io;
              asio::post(io, [self = std::move(self)] {});
            }};
  }

  void write(const Response& response) {
    ++server_.answered;
    answer_ = {static_cast<http::status>(response.status), version_};
    answer_.set(http::field::content_type, response.content_type);
    answer_.set(http::field::cache_control, "no-store");
    answer_.set("X-Content-Type-Options", "nosniff");
    if (stream_.secure() != nullptr) answer_.set("Strict-Transport-Security", kStrictTransport);
    answer_.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    for (const auto& [name, value] : response.headers) answer_.set(name, value);
    if (response.stream) return begin_stream(response);
    answer_.keep_alive(keep_alive_ && !server_.stopping);
    answer_.content_length(response.body.size());
    if (!head_) answer_.body() = response.body;
    serializer_.emplace(answer_);
    stream_.tcp().expires_after(server_.times.answer);
    const auto written = [self = shared_from_this()](const error_code& error, std::size_t) { self->written(error); };
    if (head_) {
      http::async_write_header(stream_, *serializer_, written);
    } else {
      http::async_write(stream_, *serializer_, written);
    }
  }

  // Without a length: it ends with the connection. What its reader sends is of no interest, and not read.
  void begin_stream(const Response& response) {
    answer_.keep_alive(false);
    std::ostringstream head;
    head << answer_.base();
    stream_.tcp().expires_never();
    if (send(head.str()) && !head_) return response.stream(shared_from_this());
    closes_when_sent_ = true;
  }

  void send_next() {
    stream_.tcp().expires_after(server_.times.answer);
    asio::async_write(stream_, asio::buffer(unsent_.front()), [self = shared_from_this()](const error_code& error, std::size_t) {
      if (error) return self->close();
      self->unsent_bytes_ -= self->unsent_.front().size();
      self->unsent_.pop_front();
      self->stream_.tcp().expires_never();
      if (!self->unsent_.empty()) return self->send_next();
      if (self->closes_when_sent_) self->close();
    });
  }

  void written(const error_code& error) {
    if (error) return close();
    if (!answer_.need_eof() && answer_.keep_alive()) return wait();
    stream_.tcp().expires_after(server_.times.linger);
    if (stream_.secure() == nullptr) return end_sending();
    stream_.secure()->async_shutdown([self = shared_from_this()](const error_code&) { self->end_sending(); });
  }

  void end_sending() {
    error_code ignored;
    stream_.tcp().socket().shutdown(tcp::socket::shutdown_send, ignored);
    linger(0);
  }

  // What was sent and not read makes a close a reset, and a reset can overtake the answer.
  void linger(std::size_t taken) {
    buffer_.clear();
    stream_.tcp().async_read_some(buffer_.prepare(kReadBytes),
                                  [self = shared_from_this(), taken](const error_code& error, std::size_t bytes) {
                                    if (!error && taken + bytes < kLingerBytesMax) self->linger(taken + bytes);
                                  });
  }

  void close() { stream_.tcp().close(); }

  State& server_;
  Transport stream_;
  beast::flat_buffer buffer_{2 * (kHeaderBytesMax + kBodyBytesMax)};
  std::optional<Parser> parser_;
  http::response<http::string_body> answer_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  unsigned version_ = 11;
  bool keep_alive_ = false, head_ = false, waiting_ = false, closes_when_sent_ = false;
  std::deque<std::string> unsent_;  // of an answer that goes on
  std::size_t unsent_bytes_ = 0;
};

void HttpServer::State::accept() {
  acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
    if (stopping) return;
    if (!error && connections.size() >= kConnectionsMax) {
      ++refused;  // and the socket closes
    } else if (!error) {
      std::make_shared<Connection>(*this, std::move(socket))->begin();
    }
    accept();
  });
}

void HttpServer::State::shut() {
  stopping = true;
  error_code ignored;
  acceptor.close(ignored);
  const std::set<Connection*> all = connections;  // each that closes takes itself out
  for (Connection* connection : all) connection->stop();
  auto end = std::make_shared<asio::steady_timer>(io, kStopMillis);
  end->async_wait([this, end](const error_code&) { io.stop(); });
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(std::string(host), error);
  if (error || address.is_v6() != bracketed || port.empty() || port.size() > 5) return std::nullopt;
  unsigned number = 0;
  for (const char digit : port) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(digit - '0');
  }
  if (number > 65'535) return std::nullopt;
  return ListenAddress{std::string(host), static_cast<std::uint16_t>(number), address.is_loopback()};
}

Result<std::unique_ptr<HttpServer>> HttpServer::listen(const ListenAddress& address, const HttpTimes& times,
                                                       std::shared_ptr<const ServerTls> tls) {
  auto state = std::make_unique<State>(times, std::move(tls));
  const tcp::endpoint endpoint(asio::ip::make_address(address.host), address.port);
  error_code error;
  state->acceptor.open(endpoint.protocol(), error);
  if (!error) state->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state->acceptor.bind(endpoint, error);
  if (!error) state->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return fail(ErrorCode::io_failed, {{"path", address.host + ":" + std::to_string(address.port)},
                                       {"operation", "listen on"},
                                       {"reason", error.message()}});
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

void HttpServer::run(Handler handler) {
  state_->handler = std::move(handler);
  state_->accept();
  while (!(state_->stopping && state_->connections.empty()) && state_->io.run_one() > 0) {
  }
}

void HttpServer::stop() {
  asio::post(state_->io, [this] { state_->shut(); });
}

void HttpServer::post(std::function<void()> work) { asio::post(state_->io, std::move(work)); }

void HttpServer::after(std::chrono::milliseconds delay, std::function<void()> work) {
  auto timer = std::make_shared<asio::steady_timer>(state_->io, delay);
  timer->async_wait([timer, work = std::move(work)](const error_code& error) {
    if (!error) work();
  });
}

void HttpServer::renew(std::shared_ptr<const ServerTls> tls) { state_->tls = std::move(tls); }

std::size_t HttpServer::connections() const { return state_->connections.size(); }
std::uint64_t HttpServer::connections_refused() const { return state_->refused; }
std::uint64_t HttpServer::requests_answered() const { return state_->answered; }

}  // namespace hub::console
