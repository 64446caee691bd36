#include "hub/console/token.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

#include "hub/base/bytes.hpp"
#include "hub/console/secret_file.hpp"

namespace hub::console {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::string_view kScheme = "bearer ";

tl::unexpected<Error> io_failed(const std::string& path, const char* operation) {
  return fail(ErrorCode::io_failed, {{"path", path}, {"operation", operation}, {"reason", std::strerror(errno)}});
}

}  // namespace

Result<void> ensure_token_file(const std::string& path) {
  Bytes<kTokenBytes> random;
  randombytes_buf(random.data(), random.size());
  const std::string text = to_hex(random) + "\n";
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) return {};
  if (file < 0) return io_failed(path, "create");
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const auto failed = io_failed(path, "write");
  ::close(file);
  if (!written) return failed;
  return {};
}

Result<std::string> read_token_file(const std::string& path) {
  auto text = read_secret_file(path);
  if (!text) return text;
  if (text->ends_with('\n')) text->pop_back();
  const auto bytes = from_hex(*text);
  if (!bytes || bytes->size() != kTokenBytes)
    return invalid_file(path, "a token is 64 hexadecimal digits; delete the file and the hub makes a new one");
  return text;
}

bool carries_token(std::string_view authorization, std::string_view token) {
  if (authorization.size() != kScheme.size() + token.size()) return false;
  const auto same = [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); };
  if (!std::equal(kScheme.begin(), kScheme.end(), authorization.begin(), same)) return false;
  return sodium_memcmp(authorization.data() + kScheme.size(), token.data(), token.size()) == 0;
}

}  // namespace hub::console
