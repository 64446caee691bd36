#include "hub/runtime/hub_keys.hpp"

#include <filesystem>
#include <set>

namespace hub::runtime {
namespace {

Result<std::vector<crypto::SigningKey>> read_tree_keys(const std::string& folder) {
  std::set<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("tree") && name.ends_with(".json")) paths.insert(entry.path().string());
  }
  if (paths.empty()) paths.insert(folder + "/tree.json");  // whose absence is the error to be told
  std::vector<crypto::SigningKey> keys;
  for (const std::string& path : paths) {
    const auto key = crypto::read_key_file(path, "tree", /*secret=*/true);
    if (!key) return tl::unexpected(key.error());
    keys.push_back(crypto::SigningKey::from_seed(*key->secret));
  }
  return keys;
}

}  // namespace

Result<HubKeys> read_hub_keys(const std::string& data) {
  const auto transport = crypto::read_key_file(data + "/keys/transport.json", "transport", /*secret=*/true);
  if (!transport) return tl::unexpected(transport.error());
  auto tree = read_tree_keys(data + "/keys");
  if (!tree) return tl::unexpected(tree.error());
  return HubKeys{*transport, std::move(*tree)};
}

std::vector<crypto::NoteSigner> note_signers(const std::string& origin, const std::vector<crypto::SigningKey>& keys) {
  std::vector<crypto::NoteSigner> out;
  for (const crypto::SigningKey& key : keys) out.push_back({origin, key});
  return out;
}

std::vector<crypto::PublicKey> recorded_tree_keys(const std::vector<crypto::SigningKey>& keys,
                                                  const crypto::PublicKey& first) {
  std::vector<crypto::PublicKey> out;
  for (const crypto::SigningKey& key : keys) out.push_back(key.public_key());
  if (out.size() == 1 && out.front() == first) out.clear();
  return out;
}

}  // namespace hub::runtime
