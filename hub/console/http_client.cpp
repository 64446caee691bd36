#include "hub/console/http_client.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/beast/http.hpp>

#include "hub/console/http_server.hpp"
#include "hub/console/transport.hpp"

namespace hub::console {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::uint16_t kSecurePort = 443, kPlainPort = 80;
constexpr std::size_t kAnswerHeaderBytesMax = 64 << 10;

std::string url_text(const HttpUrl& url) {
  const std::string path = url.target.substr(0, url.target.find('?'));  // a query may hold what is nobody's business
  return (url.secure ? "https://" : "http://") + url.authority + path;
}

tl::unexpected<Error> not_answered(const HttpUrl& url, std::string reason) {
  return fail(ErrorCode::io_failed, {{"path", url_text(url)}, {"operation", "ask"}, {"reason", std::move(reason)}});
}

class Exchange {
 public:
  Exchange(const HttpQuestion& question, asio::ssl::context* tls) : question_(question), transport_(io_, tls) {
    request_ = {http::string_to_verb(question.method), question.url.target, 11};
    request_.set(http::field::host, question.url.authority);
    for (const auto& [name, value] : question.headers) request_.set(name, value);
    request_.body() = question.body;
    if (!question.body.empty()) request_.prepare_payload();
    parser_.header_limit(kAnswerHeaderBytesMax);
    parser_.body_limit(question.bytes_max);
  }

  Result<HttpAnswer> run() {
    error_code error;
    const auto found =
        asio::ip::tcp::resolver(io_).resolve(question_.url.host, std::to_string(question_.url.port), error);
    if (error) return not_answered(question_.url, error.message());
    transport_.tcp().expires_after(question_.time_max);
    transport_.tcp().async_connect(found, [this](const error_code& failed, const asio::ip::tcp::endpoint&) {
      if (good(failed)) shake_hands();
    });
    io_.run();
    if (untrusted_)
      return fail(ErrorCode::certificate_untrusted, {{"path", url_text(question_.url)}, {"reason", *untrusted_}});
    if (error_) return not_answered(question_.url, error_.message());
    auto message = parser_.release();
    return HttpAnswer{message.result_int(), std::move(message.body())};
  }

 private:
  bool good(const error_code& failed) {
    error_ = failed;
    return !failed;
  }

  void shake_hands() {
    Transport::Secure* secure = transport_.secure();
    if (secure == nullptr) return write();
    SSL* ssl = secure->native_handle();
    expect_host(ssl);
    secure->async_handshake(asio::ssl::stream_base::client, [this, ssl](const error_code& failed) {
      if (good(failed)) return write();
      if (const long verdict = SSL_get_verify_result(ssl); verdict != X509_V_OK)
        untrusted_ = X509_verify_cert_error_string(verdict);
    });
  }

  void expect_host(SSL* ssl) const {
    const char* host = question_.url.host.c_str();
    X509_VERIFY_PARAM* expected = SSL_get0_param(ssl);
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, host) == 1) return;
    X509_VERIFY_PARAM_set1_host(expected, host, 0);
    SSL_set_tlsext_host_name(ssl, host);
  }

  void write() {
    http::async_write(transport_, request_, [this](const error_code& failed, std::size_t) {
      if (good(failed)) read();
    });
  }

  // The header by itself: Beast 1.74 forgets that a body is too large when some of it came together with the header.
  void read() {
    http::async_read_header(transport_, buffer_, parser_, [this](const error_code& failed, std::size_t) {
      if (!good(failed)) return;
      http::async_read(transport_, buffer_, parser_, [this](const error_code& ended, std::size_t) { error_ = ended; });
    });
  }

  const HttpQuestion& question_;
  asio::io_context io_;
  Transport transport_;
  http::request<http::string_body> request_;
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
  error_code error_;
  std::optional<std::string> untrusted_;
};

}  // namespace

std::optional<HttpUrl> parse_url(std::string_view text) {
  HttpUrl out;
  out.secure = text.starts_with("https://");
  if (!out.secure && !text.starts_with("http://")) return std::nullopt;
  const auto is_strange = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '#' || c == '\\';
  };
  if (std::any_of(text.begin(), text.end(), is_strange)) return std::nullopt;
  text.remove_prefix(text.find("//") + 2);
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  out.authority = text.substr(0, end);
  out.target = text.substr(end);
  if (!out.target.starts_with('/')) out.target.insert(0, "/");
  if (out.authority.find('@') != std::string::npos) return std::nullopt;
  const bool has_port = out.authority.rfind(':') != std::string::npos && !out.authority.ends_with(']');
  const std::string port = std::to_string(out.secure ? kSecurePort : kPlainPort);
  const std::string whole = has_port ? out.authority : out.authority + ":" + port;
  if (const auto address = parse_listen_address(whole)) {
    out.host = address->host;
    out.port = address->port;
    out.loopback = address->loopback;
    return out;
  }
  out.host = whole.substr(0, whole.rfind(':'));
  const auto as_address = parse_listen_address("127.0.0.1" + whole.substr(whole.rfind(':')));  // for the port
  if (!as_address || out.host.empty() || out.host.find_first_of("[]:") != std::string::npos) return std::nullopt;
  out.port = as_address->port;
  return out;
}

Result<HttpAnswer> ask_http(const HttpQuestion& question) {
  if (!question.url.secure) return Exchange(question, nullptr).run();
  asio::ssl::context tls(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  tls.set_verify_mode(asio::ssl::verify_peer);
  error_code error;
  if (question.ca.empty()) {
    tls.set_default_verify_paths(error);
  } else {
    tls.load_verify_file(question.ca, error);
  }
  if (error)
    return fail(ErrorCode::io_failed,
                {{"path", question.ca}, {"operation", "read certificates of"}, {"reason", error.message()}});
  return Exchange(question, &tls).run();
}

}  // namespace hub::console
