#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>

#include "hub/access/password.hpp"
#include "hub/access/password_worker.hpp"
#include "hub/access/secret.hpp"

namespace hub::access {
namespace {

std::string repeated(const std::string& character, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += character;
  return out;
}

}  // namespace

TEST_CASE("a password has from 12 to 128 characters, whatever bytes they take") {
  for (const char* character : {"a", "ậ", "漢"}) {
    CHECK(fit_password(repeated(character, kPasswordCharactersMin)).has_value());
    CHECK(fit_password(repeated(character, kPasswordCharactersMax)).has_value());
    CHECK(fit_password(repeated(character, kPasswordCharactersMin - 1)).error().code == ErrorCode::password_unfit);
    CHECK(fit_password(repeated(character, kPasswordCharactersMax + 1)).error().code == ErrorCode::password_unfit);
  }
  CHECK(fit_password("tab\tinside-it").error().code == ErrorCode::password_unfit);
}

TEST_CASE("composed and decomposed are the same password") {
  const std::string composed = "mật khẩu dài", decomposed = "ma\u0302\u0323t kha\u0302\u0309u da\u0300i";
  CHECK(fit_password(composed).value() == fit_password(decomposed).value());
}

TEST_CASE("a hash is argon2id's, is another one each time, and fits its password alone") {
  const std::string hash = hash_password("một câu dài dễ nhớ").value();
  CHECK(hash.starts_with("$argon2id$"));
  CHECK(hash != hash_password("một câu dài dễ nhớ").value());
  CHECK(is_password(hash, "một câu dài dễ nhớ"));
  CHECK_FALSE(is_password(hash, "một câu dài dễ nhờ"));
  CHECK_FALSE(is_password("", ""));
  CHECK_FALSE(is_password("$argon2id$nonsense", "x"));
}

TEST_CASE("the worker hashes and checks in order, and is false where there is no hash") {
  std::mutex mutex;
  std::condition_variable changed;
  std::string hash;
  std::vector<bool> checks;
  PasswordWorker worker;
  const auto wait = [&](auto condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(60), condition);
  };
  REQUIRE(worker.hash("một câu dài", [&](Result<std::string> made) {
    const std::lock_guard lock(mutex);
    hash = made.value();
    changed.notify_one();
  }));
  REQUIRE(wait([&] { return !hash.empty(); }));
  const auto note = [&](bool right) {
    const std::lock_guard lock(mutex);
    checks.push_back(right);
    changed.notify_one();
  };
  REQUIRE(worker.check(hash, "một câu dài", note));
  REQUIRE(worker.check(hash, "một câu khác", note));
  REQUIRE(worker.check(std::nullopt, "một câu dài", note));
  REQUIRE(wait([&] { return checks.size() == 3; }));
  CHECK(checks == std::vector<bool>{true, false, false});
}

TEST_CASE("as many passwords wait as the limit says, and not one more") {
  std::mutex blocked;
  std::unique_lock hold(blocked);
  std::mutex mutex;
  std::condition_variable changed;
  bool begun = false;
  PasswordWorker worker;
  REQUIRE(worker.check(std::nullopt, "", [&](bool) {
    {
      const std::lock_guard lock(mutex);
      begun = true;
    }
    changed.notify_one();
    const std::lock_guard wait(blocked);
  }));
  {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds(60), [&] { return begun; }));
  }
  for (std::size_t i = 0; i < kPasswordsWaitingMax; ++i) CHECK(worker.check(std::nullopt, "", [](bool) {}));
  CHECK_FALSE(worker.check(std::nullopt, "", [](bool) {}));
  hold.unlock();
}

TEST_CASE("secrets are 64 digits, and the token of a page follows from the cookie alone") {
  const std::string secret = new_secret();
  CHECK(secret.size() == 64);
  CHECK(secret != new_secret());
  CHECK(secret_digest(secret).has_value());
  for (const std::string& text : {std::string(), secret + "0", secret.substr(1), std::string(64, 'g')})
    CHECK_FALSE(secret_digest(text).has_value());
  CHECK(csrf_token(secret) == csrf_token(secret));
  CHECK(csrf_token(secret) != csrf_token(new_secret()));
  CHECK(same_secret("ab", "ab"));
  CHECK_FALSE(same_secret("ab", "abc"));
  CHECK_FALSE(same_secret("ab", "ac"));
}

}  // namespace hub::access
