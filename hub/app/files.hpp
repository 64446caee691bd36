// Whole files and folders, for the command line.
#pragma once

#include <string>
#include <string_view>

#include "hub/base/result.hpp"

namespace hub::app {

Result<std::string> read_file(const std::string& path);            // io_failed
Result<void> write_file(const std::string& path, std::string_view text);  // replaces it by rename; io_failed
Result<void> make_folder(const std::string& path, unsigned mode);  // may be there; with its parents

}  // namespace hub::app
