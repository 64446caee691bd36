// Small files that are read whole: configuration, and hub-data.json.
#pragma once

#include <string>

#include "hub/base/result.hpp"

namespace hub::edxml {

// io_failed; file_too_large beyond `bytes_max`.
Result<std::string> read_text_file(const std::string& path, std::size_t bytes_max = 1 << 20);

}  // namespace hub::edxml
