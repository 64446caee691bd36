// The files of a configuration folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::agreements {

// io_failed; file_too_large above kConfigurationFileBytesMax.
Result<std::string> read_file(const std::filesystem::path& path);
// The files in `folder` with that extension, by name; none where there is no such folder. io_failed.
Result<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& folder, const char* extension);

}  // namespace hub::agreements
