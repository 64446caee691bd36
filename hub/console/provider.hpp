// The provider of sign-ons, asked by OpenID Connect: where it is (Discovery 1.0), whom a code stands for (Core 1.0, section
// 3.1.3), with which keys it signs. Answers about itself are kept for an hour. Each question is bounded in time and size, and
// none is asked again at once when it failed.
//
// Threads: one calls; questions are asked and `done` runs on a thread of its own, one after the other.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "hub/access/id_token.hpp"
#include "hub/access/worker.hpp"
#include "hub/console/http_client.hpp"

namespace hub::console {

struct SignOnOptions {
  std::string issuer;              // "https://id.example/realm"; in the clear on loopback alone
  std::string client_id;
  std::string client_secret_file;  // empty: a public client
  std::string redirect;            // our callback, as browsers reach it and as the provider knows it
  std::string user_claim = "preferred_username";
  std::string ca = {};             // who may have issued the provider's certificate; empty: whom the system trusts
};

constexpr std::chrono::milliseconds kProviderTimeMax{5'000};  // of one question; a sign-on takes three at most
constexpr std::size_t kProviderBytesMax = 256 << 10;          // of one answer
constexpr std::size_t kProviderWaitingMax = 16;               // sign-ons that wait to be asked about
constexpr std::chrono::minutes kProviderKeptMax{60};
constexpr std::chrono::seconds kProviderPause{5};             // after a failure to learn about it
constexpr std::chrono::seconds kKeysPause{60};                // between two questions for keys that a token names

// The error code that a provider, or whoever speaks for it, gives (RFC 6749, section 4.1.2.1): it comes into the log and
// onto a page, so what is none is not repeated.
std::string told_error(std::string_view text);

class Provider {
 public:
  // All of them: sign_on_provider_failed.
  using Address = Result<std::string>;
  // Also sign_on_denied, sign_on_token_invalid.
  using User = Result<std::string>;

  Provider(SignOnOptions options, std::string client_secret);
  ~Provider() { ending_ = true; }

  // Where browsers sign in. False when too many wait: nothing was taken.
  [[nodiscard]] bool find(std::function<void(Address)> done);
  // For whom the code stands, by an ID token that passed the checks. Likewise.
  [[nodiscard]] bool redeem(std::string code, std::string verifier, std::string nonce, std::function<void(User)> done);

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Endpoints {
    std::string authorization;
    HttpUrl token, keys;
    bool basic = true;  // how the secret is sent
  };

  tl::unexpected<Error> failed(std::string reason) const;
  std::optional<HttpUrl> permitted(const std::string& text) const;
  Result<HttpAnswer> ask(HttpQuestion question) const;
  Result<std::string> get(const HttpUrl& url) const;
  Result<Endpoints> discover() const;
  Result<Endpoints> endpoints();
  Result<void> renew_keys(const Endpoints& at);
  Result<void> find_key(const Endpoints& at, const access::IdToken& token);
  Result<std::string> exchange(const Endpoints& at, const std::string& code, const std::string& verifier) const;
  User user_of(const std::string& code, const std::string& verifier, const std::string& nonce);

  const SignOnOptions options_;
  const std::string client_secret_;
  std::atomic<bool> ending_{false};
  // The worker's alone.
  std::optional<Endpoints> endpoints_;
  std::optional<Error> failure_;  // of learning about it
  std::optional<access::SigningKeys> keys_;
  Instant endpoints_at_, failed_at_, keys_at_, keys_asked_at_;
  access::Worker worker_{kProviderWaitingMax};  // the last: its thread ends before what it uses
};

}  // namespace hub::console
