#include "hub/evidence/checkpoint_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace hub::evidence {
namespace {

std::string path_in(const std::string& folder) { return folder + "/checkpoint"; }

tl::unexpected<Error> io_failed(const std::string& path, const char* operation) {
  return fail(ErrorCode::io_failed, {{"operation", operation}, {"path", path}, {"reason", std::strerror(errno)}});
}

}  // namespace

std::string tree_folder(const std::string& data) { return data + "/tree"; }

Result<void> write_checkpoint(const std::string& folder, std::string_view note) {
  const std::string path = path_in(folder), beside = path + ".new";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out << note;
  out.close();
  if (!out) return io_failed(beside, "write");
  if (std::rename(beside.c_str(), path.c_str()) != 0) return io_failed(path, "rename");
  return {};
}

Result<std::optional<std::string>> read_checkpoint(const std::string& folder) {
  const std::string path = path_in(folder);
  if (std::error_code error; !std::filesystem::exists(path, error)) return std::optional<std::string>();
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return io_failed(path, "read");
  return std::optional(std::move(text).str());
}

}  // namespace hub::evidence
