#include "adapters/edxml/refusal.hpp"

#include <cerrno>
#include <cstring>

namespace hub::edxml {

tl::unexpected<Error> failed(const char* operation, const std::string& path) {
  return fail(ErrorCode::io_failed, {{"operation", operation}, {"path", path}, {"reason", std::strerror(errno)}});
}

}  // namespace hub::edxml
