#include "hub/agreements/configuration_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "hub/registry/limits.hpp"

namespace hub::agreements {

namespace fs = std::filesystem;

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  if (in && in.peek() != std::ifstream::traits_type::eof()) out << in.rdbuf();  // which fails on nothing
  if (in.fail() && !in.eof())
    return fail(ErrorCode::io_failed,
                {{"operation", "read"}, {"path", path.string()}, {"reason", std::strerror(errno)}});
  std::string text = std::move(out).str();
  if (text.size() > registry::kConfigurationFileBytesMax)
    return fail(ErrorCode::file_too_large, {{"path", path.string()},
                                            {"actual", std::to_string(text.size())},
                                            {"limit", std::to_string(registry::kConfigurationFileBytesMax)}});
  return text;
}

Result<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& folder, const char* extension) {
  std::vector<std::filesystem::path> out;
  std::error_code error;
  if (!fs::exists(folder, error)) return out;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == extension) out.push_back(at->path());
  if (error)
    return fail(ErrorCode::io_failed, {{"operation", "list"}, {"path", folder.string()}, {"reason", error.message()}});
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace hub::agreements
