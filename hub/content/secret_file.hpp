// Secrets of 32 bytes, a file each, mode 0600: written, synced and whole before they are used, overwritten when they are
// destroyed. Kept apart from what is encrypted with them, so that its copies are gone once they are.
//
// Threads: free functions; one at a time a file.
#pragma once

#include <optional>
#include <string>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"

namespace hub::content {

using Secret = Bytes<32>;

// Durable before this returns. One that is there already stays and is given back. storage_full: nothing was made; io_failed.
Result<Secret> make_secret(const std::string& path, const Secret& fresh);
// Nothing when it is not there, or no secret.
Result<std::optional<Secret>> read_secret(const std::string& path);
// For ever. It may be gone.
Result<void> destroy_secret(const std::string& path);

}  // namespace hub::content
