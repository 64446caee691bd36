// --key of commands that check evidence: what the hub's checkpoints are trusted by.
#pragma once

#include <string>
#include <vector>

#include "hub/crypto/signed_note.hpp"

namespace hub::app {

// Each is a verifier key as it is, or a file that holds one on each line. Of one hub, one key at least. usage,
// verifier_key_invalid, io_failed.
Result<std::vector<crypto::NoteKey>> tree_keys(const std::vector<std::string>& given);

}  // namespace hub::app
