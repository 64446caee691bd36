// The secret keys that a hub runs with, from `keys/` in its data folder.
//
// Threads: free functions.
#pragma once

#include <string>
#include <vector>

#include "hub/crypto/key_file.hpp"
#include "hub/crypto/signed_note.hpp"

namespace hub::runtime {

struct HubKeys {
  crypto::KeyFile transport;
  std::vector<crypto::SigningKey> tree;  // every `tree*.json` signs: the first one, and the next while they overlap
};

// io_failed, config_invalid.
Result<HubKeys> read_hub_keys(const std::string& data);

std::vector<crypto::NoteSigner> note_signers(const std::string& origin, const std::vector<crypto::SigningKey>& keys);
// What hub-started says of them: nothing while there is that of record 0 alone.
std::vector<crypto::PublicKey> recorded_tree_keys(const std::vector<crypto::SigningKey>& keys,
                                                  const crypto::PublicKey& first);

}  // namespace hub::runtime
