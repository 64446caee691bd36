// The certificate and the key with which the HTTP server proves who it is: TLS 1.2 or later.
//
// Immutable: a renewed certificate is another object, and connections that are there keep what they began with.
#pragma once

#include <memory>
#include <string>

#include "hub/base/result.hpp"
#include "hub/base/time.hpp"

namespace boost::asio::ssl {
class context;
}

namespace hub::console {

struct TlsFiles {
  std::string certificate;  // PEM: the server's own, then those of intermediate authorities
  std::string key;          // PEM, not encrypted; its owner's alone
};

class ServerTls {
 public:
  // io_failed; config_invalid (no PEM, a key that others can read, one that OpenSSL finds too weak), certificate_key_foreign,
  // certificate_not_in_force.
  static Result<std::shared_ptr<const ServerTls>> load(const TlsFiles& files, UnixMicros now);
  ~ServerTls();

  boost::asio::ssl::context& context() const { return *context_; }
  UnixMicros expires() const { return expires_; }
  // The first name that the certificate is for; empty when it has none, or one with a wildcard.
  const std::string& name() const { return name_; }

 private:
  ServerTls();
  std::unique_ptr<boost::asio::ssl::context> context_;
  UnixMicros expires_;
  std::string name_;
};

}  // namespace hub::console
