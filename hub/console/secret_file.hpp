// A file that holds a secret: its owner alone may read and write it.
#pragma once

#include <string>

#include "hub/base/result.hpp"

namespace hub::console {

// Its whole text. io_failed; config_invalid when others than its owner can read or write it.
Result<std::string> read_secret_file(const std::string& path);

// config_invalid of a file as a whole: what is wrong with it, and what to do.
tl::unexpected<Error> invalid_file(const std::string& path, std::string reason);

}  // namespace hub::console
