// Key files: JSON, one key a file, the secret ones readable by their owner alone.
//
//   {"algorithm": "ed25519", "use": "signing", "public": "<base64>", "secret": "<base64 of the 32-byte seed>"}
//   {"algorithm": "curve25519", "use": "transport", "public": "<base64>", "secret": "<base64>"}
//
// A public file is the same without "secret". Uses: root, signing, administrator, tree (ed25519), transport (curve25519).
#pragma once

#include <optional>
#include <string>

#include "hub/crypto/keys.hpp"

namespace hub::crypto {

struct KeyFile {
  std::string use;
  PublicKey public_key{};
  std::optional<Bytes<32>> secret;
};

bool is_key_use(std::string_view use);
KeyFile new_key(std::string_view use);

// io_failed, config_invalid (file, reason).
Result<KeyFile> read_key_file(const std::string& path);
// A public or secret key file of that use, or config_invalid that says which use was expected.
Result<KeyFile> read_key_file(const std::string& path, std::string_view use, bool secret);
// A new file only, mode 0600 with a secret and 0644 without; io_failed when it is there.
Result<void> write_key_file(const std::string& path, const KeyFile& key);

}  // namespace hub::crypto
