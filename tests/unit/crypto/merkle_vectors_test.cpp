// Public inclusion proofs, most of them wrong on purpose. They order a proof's digests from the leaf to the root; ours
// come as a depth-first walk meets them.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hub/crypto/merkle.hpp"

namespace hub::crypto {
namespace {

std::vector<Digest> in_walk_order(std::size_t size, std::size_t index, const std::vector<Digest>& from_leaf) {
  std::vector<bool> is_left;  // of each sibling from the root to the leaf
  for (std::size_t i = index, n = size; n > 1 && i < n;) {
    std::size_t split = 1;
    while (split * 2 < n) split *= 2;
    is_left.push_back(i >= split);
    n = i >= split ? n - split : split;
    i = i >= split ? i - split : i;
  }
  if (is_left.size() != from_leaf.size()) return from_leaf;  // wrong whatever the order
  std::vector<Digest> left, right;
  for (std::size_t k = 0; k < from_leaf.size(); ++k) {
    auto& side = is_left[is_left.size() - 1 - k] ? left : right;
    side.push_back(from_leaf[k]);
  }
  std::reverse(left.begin(), left.end());
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

std::optional<Digest> digest_of(const nlohmann::json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto bytes = from_base64(value.get<std::string>());
  return bytes ? fixed<32>(*bytes) : std::nullopt;
}

// Whether the case's proof is taken. A digest of another length is refused, as decoding refuses it.
bool proves(const nlohmann::json& c) {
  const auto leaf = digest_of(c["leafHash"]), root = digest_of(c["root"]);
  if (!leaf || !root) return false;
  std::vector<Digest> proof;
  for (const auto& item : c["proof"].is_null() ? nlohmann::json::array() : c["proof"]) {
    const auto digest = digest_of(item);
    if (!digest) return false;
    proof.push_back(*digest);
  }
  const auto size = c["treeSize"].get<std::size_t>(), index = c["leafIdx"].get<std::size_t>();
  return root_of_range(size, index, std::span(&*leaf, 1), in_walk_order(size, index, proof)) == root;
}

}  // namespace

TEST_CASE("public inclusion proofs are taken or refused as they say") {
  const std::filesystem::path folder = std::filesystem::path(HUB_SOURCE_DIR) / "../shared/vectors/merkle/inclusion";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no public vectors in ../shared/vectors/merkle/inclusion");
    return;
  }
  int cases = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    const auto c = nlohmann::json::parse(file);
    INFO(entry.path().string());
    CHECK(proves(c) != c["wantErr"].get<bool>());
    ++cases;
  }
  CHECK(cases > 50);
}

}  // namespace hub::crypto
