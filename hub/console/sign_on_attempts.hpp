// Sign-ons that have begun and not come back from the provider: each with what must come back, and to whom. Bounded in
// number and age; each is good for once. One thread.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace hub::console {

constexpr std::size_t kSignOnAttemptsMax = 1'000;  // one more, and the oldest is of no use
constexpr std::chrono::minutes kSignOnAttemptMax{10};

struct SignOnAttempt {
  std::string state;     // goes to the provider and comes back
  std::string cookie;    // of the browser that began it
  std::string nonce;     // comes back in the ID token
  std::string verifier;  // RFC 7636; the provider gets its digest first
};

class SignOnAttempts {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  SignOnAttempt begin(Instant now);
  // Nothing: there is none of that state, it is too old, or another browser began it. Afterwards there is none.
  std::optional<SignOnAttempt> take(std::string_view state, std::string_view cookie, Instant now);

 private:
  struct Begun {
    SignOnAttempt attempt;
    Instant at;
  };
  std::deque<Begun> begun_;  // the oldest first
};

}  // namespace hub::console
