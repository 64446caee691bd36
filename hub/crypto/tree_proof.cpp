#include "hub/crypto/tree_proof.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace hub::crypto {
namespace {

// The leaves [begin, end); begin is a multiple of the power of two that end - begin fits into, as in RFC 9162.
struct Range {
  std::uint64_t begin, end;
};

tl::unexpected<Error> not_possible(std::uint64_t asked, std::uint64_t size) {
  return fail(ErrorCode::proof_not_possible, {{"asked", std::to_string(asked)}, {"size", std::to_string(size)}});
}

// The root of the complete subtree of 2^level leaves, the index-th of them: it lies within one tile of a stored row.
Result<Digest> complete_subtree(const TreeHashes& hashes, unsigned level, std::uint64_t index) {
  const unsigned below = level % kTileHeight;
  std::array<Digest, 1u << (kTileHeight - 1)> stored;
  const std::span<Digest> wanted = std::span(stored).first(std::size_t{1} << below);
  if (auto read = hashes.read(level / kTileHeight, index << below, wanted); !read) return tl::unexpected(read.error());
  for (std::size_t count = wanted.size(); count > 1; count /= 2)
    for (std::size_t i = 0; i < count / 2; ++i) wanted[i] = node_hash(wanted[2 * i], wanted[2 * i + 1]);
  return wanted[0];
}

// The complete subtrees that the range consists of, largest first: one per set bit of its length.
Result<std::vector<Digest>> complete_subtrees(const TreeHashes& hashes, Range range) {
  std::vector<Digest> out;
  while (range.begin < range.end) {
    const unsigned level = static_cast<unsigned>(std::bit_width(range.end - range.begin)) - 1;
    auto subtree = complete_subtree(hashes, level, range.begin >> level);
    if (!subtree) return tl::unexpected(subtree.error());
    out.push_back(*subtree);
    range.begin += std::uint64_t{1} << level;
  }
  return out;
}

Result<Digest> range_root(const TreeHashes& hashes, Range range) {
  const auto subtrees = complete_subtrees(hashes, range);
  if (!subtrees) return tl::unexpected(subtrees.error());
  return MerkleFrontier::resume(range.end - range.begin, *subtrees).root();
}

Result<std::vector<Digest>> range_roots(const TreeHashes& hashes, std::span<const Range> ranges) {
  std::vector<Digest> out;
  for (const Range& range : ranges) {
    const auto digest = range_root(hashes, range);
    if (!digest) return tl::unexpected(digest.error());
    out.push_back(*digest);
  }
  return out;
}

// Where RFC 9162 divides a range of more than one leaf.
std::uint64_t middle(Range range) { return range.begin + std::bit_floor(range.end - range.begin - 1); }

// The verifier's walk from a leaf to the root: the places of the node and of the tree's last node on its level.
struct Climb {
  std::uint64_t node, last;

  // Whether the next digest of the proof stands to the left of the node; goes up to the level of both's parent.
  bool sibling_is_left() {
    const bool left = (node & 1) != 0 || node == last;
    if (left) {
      // A last node without a sibling rises until it has one.
      while ((node & 1) == 0 && node != 0) up();
    }
    up();
    return left;
  }
  void up() {
    node >>= 1;
    last >>= 1;
  }
};

}  // namespace

Result<std::vector<Digest>> inclusion_proof(const TreeHashes& hashes, std::uint64_t index, std::uint64_t size) {
  if (index >= size) return not_possible(index, size);
  std::vector<Range> siblings;
  for (Range range{0, size}; range.end - range.begin > 1;) {
    const std::uint64_t split = middle(range);
    const Range left{range.begin, split}, right{split, range.end};
    siblings.push_back(index < split ? right : left);
    range = index < split ? left : right;
  }
  std::reverse(siblings.begin(), siblings.end());
  return range_roots(hashes, siblings);
}

Result<std::vector<Digest>> consistency_proof(const TreeHashes& hashes, std::uint64_t old_size,
                                              std::uint64_t new_size) {
  if (old_size == 0 || old_size > new_size) return not_possible(old_size, new_size);
  std::vector<Range> nodes;
  Range range{0, new_size};
  while (old_size != range.end) {
    const std::uint64_t split = middle(range);
    const Range left{range.begin, split}, right{split, range.end};
    nodes.push_back(old_size <= split ? right : left);
    range = old_size <= split ? left : right;
  }
  // The old tree's last subtree, unless it is the whole old tree: then the verifier has its root.
  if (range.begin != 0) nodes.push_back(range);
  std::reverse(nodes.begin(), nodes.end());
  return range_roots(hashes, nodes);
}

Result<Digest> root(const TreeHashes& hashes, std::uint64_t size) { return range_root(hashes, {0, size}); }

Result<MerkleFrontier> frontier(const TreeHashes& hashes, std::uint64_t size) {
  auto subtrees = complete_subtrees(hashes, {0, size});
  if (!subtrees) return tl::unexpected(subtrees.error());
  return MerkleFrontier::resume(size, std::move(*subtrees));
}

bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> proof,
                      const Digest& root) {
  if (index >= size) return false;
  Climb climb{index, size - 1};
  Digest node = leaf;
  for (const Digest& sibling : proof) {
    if (climb.last == 0) return false;
    node = climb.sibling_is_left() ? node_hash(sibling, node) : node_hash(node, sibling);
  }
  return climb.last == 0 && node == root;
}

bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size, const Digest& new_root,
                        std::span<const Digest> proof) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return proof.empty() && old_root == new_root;
  if (proof.empty()) return false;
  Climb climb{old_size - 1, new_size - 1};
  while ((climb.node & 1) != 0) climb.up();
  // The old tree's last complete subtree, from which both roots are computed; it is the old tree itself when that is
  // complete, and then the proof leaves it out.
  const bool complete = std::has_single_bit(old_size);
  Digest old_node = complete ? old_root : proof[0], new_node = old_node;
  for (const Digest& sibling : proof.subspan(complete ? 0 : 1)) {
    if (climb.last == 0) return false;
    if (climb.sibling_is_left()) {
      old_node = node_hash(sibling, old_node);
      new_node = node_hash(sibling, new_node);
    } else {
      new_node = node_hash(new_node, sibling);
    }
  }
  return climb.last == 0 && old_node == old_root && new_node == new_root;
}

}  // namespace hub::crypto
