#include "hub/access/password_worker.hpp"

#include "hub/access/password.hpp"
#include "hub/access/secret.hpp"

namespace hub::access {

bool PasswordWorker::hash(std::string password, std::function<void(Result<std::string>)> done) {
  return worker_.post([password = std::move(password), done = std::move(done)] { done(hash_password(password)); });
}

bool PasswordWorker::check(std::optional<std::string> hash, std::string password, std::function<void(bool)> done) {
  return worker_.post([this, hash = std::move(hash), password = std::move(password), done = std::move(done)] {
    if (nobodys_hash_.empty()) nobodys_hash_ = hash_password(new_secret()).value_or("");
    const bool right = is_password(hash.value_or(nobodys_hash_), password);
    done(right && hash.has_value());
  });
}

}  // namespace hub::access
