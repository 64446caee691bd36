// The newest checkpoint of the journal's tree, as a signed note in the file `checkpoint` beside the tree's hashes.
// Replaced by rename and never synced: it tells what was durable before it was written, and a start writes it anew.
#pragma once

#include <optional>
#include <string>

#include "hub/base/result.hpp"

namespace hub::evidence {

// Where a hub's data folder holds hashes and checkpoint.
std::string tree_folder(const std::string& data);

Result<void> write_checkpoint(const std::string& folder, std::string_view note);  // io_failed
// Nothing when there is none yet. io_failed.
Result<std::optional<std::string>> read_checkpoint(const std::string& folder);

}  // namespace hub::evidence
