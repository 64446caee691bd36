// Public inclusion and consistency proofs, most of them wrong on purpose. They order a proof's digests from the leaf to
// the root, as tree_proof does; range_proof orders them as a depth-first walk meets them.
#include "hub/crypto/tree_proof.hpp"
#include "tests/unit/crypto/public_vectors.hpp"

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

// Some cases have roots of other lengths: what is equal stays equal, and what is not does not.
Digest any_root(const nlohmann::json& value) {
  const auto bytes = from_base64(value.get<std::string>()).value();
  return fixed<32>(bytes).value_or(sha256(bytes));
}

}  // namespace

TEST_CASE("public inclusion proofs are taken or refused as they say") {
  const auto folder = public_vectors("merkle/inclusion");
  if (!folder) return;
  const int cases = for_each_case(*folder, [](const nlohmann::json& c) {
    const auto leaf = digest_of(c["leafHash"]), root = digest_of(c["root"]);
    const auto proof = digests_of(c["proof"]);
    const auto size = c["treeSize"].get<std::size_t>(), index = c["leafIdx"].get<std::size_t>();
    const bool decodes = leaf && root && proof, right = !c["wantErr"].get<bool>();
    CHECK((decodes && verify_inclusion(*leaf, index, size, *proof, *root)) == right);
    CHECK((decodes && root_of_range(size, index, std::span(&*leaf, 1), in_walk_order(size, index, *proof)) == root) ==
          right);
  });
  CHECK(cases > 50);
}

TEST_CASE("public consistency proofs are taken or refused as they say") {
  const auto folder = public_vectors("merkle/consistency");
  if (!folder) return;
  const int cases = for_each_case(*folder, [](const nlohmann::json& c) {
    const auto proof = digests_of(c["proof"]);
    const bool taken = proof && verify_consistency(c["size1"].get<std::uint64_t>(), any_root(c["root1"]),
                                                   c["size2"].get<std::uint64_t>(), any_root(c["root2"]), *proof);
    CHECK(taken != c["wantErr"].get<bool>());
  });
  CHECK(cases > 90);
}

}  // namespace hub::crypto
