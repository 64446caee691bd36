#include "hub/app/files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hub::app {
namespace {

tl::unexpected<Error> io_failed(const std::string& path, const char* operation, int reason) {
  return fail(ErrorCode::io_failed, {{"path", path}, {"operation", operation}, {"reason", std::strerror(reason)}});
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return io_failed(path, "open", errno);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (in.bad()) return io_failed(path, "read", EIO);
  return text;
}

Result<void> write_file(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".tmp";
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) return io_failed(path, "write", errno);
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return io_failed(path, "rename", errno);
  return {};
}

Result<void> make_folder(const std::string& path, unsigned mode) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return io_failed(path, "create", error.value());
  if (::chmod(path.c_str(), mode) != 0) return io_failed(path, "set the mode of", errno);
  return {};
}

}  // namespace hub::app
