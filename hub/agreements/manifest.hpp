// A configuration's manifest: the digest of every item, which an administrator signs. Whoever can write files on the
// hub's computer can't change who may send what to whom.
//
// Manifest: canonical JSON {"items":[{"id","kind","sha256":hex}...],"version":1}, in the order of the items. The
// Ed25519 signature covers "coordination-hub configuration v1\n" and the manifest. File: canonical JSON
// {"administrator":key id in hex,"manifest":{...},"signature":base64}. Threads: free functions.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hub/crypto/keys.hpp"
#include "hub/registry/item.hpp"

namespace hub::agreements {

std::string manifest_text(std::span<const registry::Item> items);
// The file's text.
std::string sign_manifest(std::span<const registry::Item> items, const crypto::SigningKey& administrator);
// Who signed exactly these items. config_unsigned (reason), administrator_unknown (key).
Result<crypto::KeyId> verify_manifest(std::span<const registry::Item> items, std::string_view file_text,
                                      std::span<const crypto::PublicKey> administrators);
// Of the file `manifest.json` in a configuration folder; config_unsigned when it is missing.
Result<crypto::KeyId> verify_manifest_file(const std::filesystem::path& folder, std::span<const registry::Item> items,
                                           std::span<const crypto::PublicKey> administrators);

}  // namespace hub::agreements
