#include "hub/access/password.hpp"

#include <sodium.h>

#include <algorithm>

#include "hub/base/bytes.hpp"
#include "hub/registry/nfc.hpp"

namespace hub::access {
namespace {

tl::unexpected<Error> unfit(std::string vietnamese, std::string english) {
  return fail(ErrorCode::password_unfit, {{"reason_vi", std::move(vietnamese)}, {"reason_en", std::move(english)}});
}

bool is_control_character(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

Result<std::string> fit_password(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control_character))
    return unfit("có ký tự điều khiển", "has a control character");
  std::string password = registry::nfc(text);
  const std::size_t count = code_points(password);
  if (count < kPasswordCharactersMin)
    return unfit("có ít hơn " + std::to_string(kPasswordCharactersMin) + " ký tự",
                 "has fewer than " + std::to_string(kPasswordCharactersMin) + " characters");
  if (count > kPasswordCharactersMax)
    return unfit("có nhiều hơn " + std::to_string(kPasswordCharactersMax) + " ký tự",
                 "has more than " + std::to_string(kPasswordCharactersMax) + " characters");
  return password;
}

Result<std::string> hash_password(std::string_view password) {
  char out[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(out, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    return fail(ErrorCode::io_failed, {{"path", "argon2id"}, {"operation", "hash"}, {"reason", "out of memory"}});
  return std::string(out);
}

bool is_password(std::string_view hash, std::string_view password) {
  return crypto_pwhash_str_verify(std::string(hash).c_str(), password.data(), password.size()) == 0;
}

}  // namespace hub::access
