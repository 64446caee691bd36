#include "hub/console/sign_on_attempts.hpp"

#include <catch2/catch.hpp>

namespace hub::console {
namespace {

const SignOnAttempts::Instant kStart{std::chrono::hours(1)};

}  // namespace

TEST_CASE("a sign-on comes back once, to the browser that began it") {
  SignOnAttempts attempts;
  const SignOnAttempt one = attempts.begin(kStart), two = attempts.begin(kStart);
  CHECK(one.state != two.state);
  CHECK(one.verifier.size() >= 43);
  CHECK(attempts.take(two.state, two.cookie, kStart)->nonce == two.nonce);
  CHECK_FALSE(attempts.take(two.state, two.cookie, kStart).has_value());
  CHECK_FALSE(attempts.take("", "", kStart).has_value());
  CHECK_FALSE(attempts.take(one.state, two.cookie, kStart).has_value());
  CHECK_FALSE(attempts.take(one.state, one.cookie, kStart).has_value());  // that was its one time
}

TEST_CASE("a sign-on is good for ten minutes") {
  SignOnAttempts attempts;
  const SignOnAttempt one = attempts.begin(kStart), two = attempts.begin(kStart);
  CHECK(attempts.take(one.state, one.cookie, kStart + kSignOnAttemptMax - std::chrono::seconds(1)).has_value());
  CHECK_FALSE(attempts.take(two.state, two.cookie, kStart + kSignOnAttemptMax).has_value());
}

TEST_CASE("so many sign-ons wait, and one more makes the oldest of no use") {
  SignOnAttempts attempts;
  const SignOnAttempt oldest = attempts.begin(kStart), next = attempts.begin(kStart);
  for (std::size_t i = 2; i < kSignOnAttemptsMax; ++i) attempts.begin(kStart);
  const SignOnAttempt last = attempts.begin(kStart);
  CHECK_FALSE(attempts.take(oldest.state, oldest.cookie, kStart).has_value());
  CHECK(attempts.take(next.state, next.cookie, kStart).has_value());
  CHECK(attempts.take(last.state, last.cookie, kStart).has_value());
}

}  // namespace hub::console
