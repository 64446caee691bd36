#include "hub/console/sign_on_attempts.hpp"

#include <algorithm>

#include "hub/access/secret.hpp"

namespace hub::console {

using access::new_secret;
using access::same_secret;

SignOnAttempt SignOnAttempts::begin(Instant now) {
  while (!begun_.empty() && (begun_.size() >= kSignOnAttemptsMax || now - begun_.front().at >= kSignOnAttemptMax))
    begun_.pop_front();
  return begun_.emplace_back(Begun{{new_secret(), new_secret(), new_secret(), new_secret()}, now}).attempt;
}

std::optional<SignOnAttempt> SignOnAttempts::take(std::string_view state, std::string_view cookie, Instant now) {
  const auto found = std::find_if(begun_.begin(), begun_.end(),
                                  [&](const Begun& one) { return same_secret(one.attempt.state, state); });
  if (found == begun_.end()) return std::nullopt;
  const Begun begun = std::move(*found);
  begun_.erase(found);
  if (now - begun.at >= kSignOnAttemptMax || !same_secret(begun.attempt.cookie, cookie)) return std::nullopt;
  return begun.attempt;
}

}  // namespace hub::console
