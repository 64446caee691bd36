// Single sign-on in the browser: to the provider with a state, and back with a code for which it names who signed in.
//
// On the server's thread; the provider is asked on one of its own.
#pragma once

#include <memory>

#include "hub/console/http_server.hpp"
#include "hub/console/provider.hpp"
#include "hub/console/sign_on_attempts.hpp"
#include "hub/console/users.hpp"

namespace hub::console {

constexpr std::string_view kCallbackPath = "/api/v1/sign-on/callback";

class SignOn {
 public:
  SignOn(HttpServer& server, Users& users, SignOnOptions options, std::string client_secret);

  // GET /api/v1/sign-on: 302 to the provider.
  void begin(const Reply& reply);
  // The callback: 302 to the console with a session's cookie, or a page that says why not. What the provider adds to the
  // query beside what is looked for is ignored (RFC 6749, section 4.1.2).
  void finish(const Request& request, const Reply& reply);

 private:
  Response enter(const std::string& user);
  Response refused(const Error& error);
  Error busy() const;

  HttpServer& server_;
  Users& users_;
  const SignOnOptions options_;
  const bool is_secure_;  // browsers come by TLS, whoever adds it
  SignOnAttempts attempts_;
  Provider provider_;  // the last: its thread ends before what it hands over to
};

// The page of a refusal, in both languages: a browser comes here, and no script asks.
Response sign_on_refusal(const Error& error);

// io_failed, config_invalid. Empty without a sign-on, or without a file: a public client.
Result<std::string> read_client_secret(const std::optional<SignOnOptions>& options);

}  // namespace hub::console
