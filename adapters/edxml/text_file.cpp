#include "adapters/edxml/text_file.hpp"

#include <cerrno>
#include <fstream>

#include "adapters/edxml/refusal.hpp"

namespace hub::edxml {

Result<std::string> read_text_file(const std::string& path, std::size_t bytes_max) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return failed("open", path);
  std::string out(bytes_max + 1, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (in.bad()) return failed("read", path);
  out.resize(static_cast<std::size_t>(in.gcount()));
  if (out.size() > bytes_max)
    return fail(ErrorCode::file_too_large,
                {{"path", path}, {"actual", "> " + std::to_string(bytes_max)}, {"limit", std::to_string(bytes_max)}});
  return out;
}

}  // namespace hub::edxml
