// Who asks, and the routes by which people sign in, set a password, sign out, and are invited.
//
// On the server's thread; passwords are hashed on one of their own.
#pragma once

#include <memory>
#include <string>

#include "hub/access/password_worker.hpp"
#include "hub/access/store.hpp"
#include "hub/console/caller.hpp"
#include "hub/console/http_server.hpp"
#include "hub/console/recording.hpp"
#include "hub/runtime/published_users.hpp"

namespace hub::console {

constexpr std::string_view kSessionCookie = "hub-session";

class Users {
 public:
  // `token`: that of the hub's own tools. `address`: what links begin with.
  Users(HttpServer& server, Recording& recording, std::unique_ptr<access::Store> store,
        std::shared_ptr<const runtime::PublishedUsers> users, std::string token, std::string address);

  // An Authorization field, and without one a cookie. Roles are looked up at each request.
  Result<std::optional<Caller>> identify(const Request& request);

  void sign_in(const Request& request, const Reply& reply);
  // Of a name that a provider vouches for: the field that sets a session's cookie. sign_on_user_unknown: it has no role here.
  // `is_secure`: this browser comes by TLS, whoever adds it.
  Result<std::string> enter(const std::string& user, bool is_secure);
  Result<void> log_refused_sign_on(const Error& error);
  Response session(const Caller& caller) const;
  Response sign_out(const Caller& caller);
  void accept_invitation(const Request& request, const Reply& reply);
  Response list() const;
  Response invite(const Caller& caller, const std::string& user);

 private:
  struct NewPassword;
  std::optional<access::Account> account(const std::string& user) const;
  std::optional<Caller> caller_of(const access::Account& account, const broker::Users& users) const;
  Result<std::optional<Caller>> bearer(std::string_view authorization);
  Result<std::optional<Caller>> cookie(const std::string& secret, bool is_used);
  Result<std::optional<Response>> take_sign_in(const std::string& user, const std::optional<access::Account>& account,
                                               bool right);
  void record_first_user(const NewPassword& given, const std::string& hash, const Reply& reply);
  Response set_password(const NewPassword& given, const std::string& hash);

  HttpServer& server_;
  Recording& recording_;
  const std::unique_ptr<access::Store> store_;
  const std::shared_ptr<const runtime::PublishedUsers> users_;
  const std::string token_, address_;
  const bool is_secure_;  // browsers come by TLS
  access::PasswordWorker worker_;  // the last: its thread ends before what it hands over to
};

// The link that a browser opens to set a password.
std::string invitation_link(const std::string& address, const std::string& secret);

}  // namespace hub::console
