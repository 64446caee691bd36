#include "hub/console/secret_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace hub::console {

Result<std::string> read_secret_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  struct stat status {};
  if (!in || ::stat(path.c_str(), &status) != 0)
    return fail(ErrorCode::io_failed, {{"path", path}, {"operation", "open"}, {"reason", std::strerror(errno)}});
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return invalid_file(path, "others than its owner can read or write this secret: chmod 600");
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

tl::unexpected<Error> invalid_file(const std::string& path, std::string reason) {
  return fail(ErrorCode::config_invalid,
              {{"file", path}, {"line", "1"}, {"column", "1"}, {"path", ""}, {"reason", std::move(reason)}});
}

}  // namespace hub::console
