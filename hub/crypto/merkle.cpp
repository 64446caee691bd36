#include "hub/crypto/merkle.hpp"

#include <bit>

#include "hub/base/check.hpp"

namespace hub::crypto {
namespace {

// RFC 6962: the largest power of two smaller than n; n > 1.
std::size_t split(std::size_t n) { return std::bit_floor(n - 1); }

void collect(std::span<const Digest> leaves, std::size_t first, std::size_t count, std::vector<Digest>& out) {
  if (count == leaves.size()) return;
  if (count == 0) {
    out.push_back(merkle_root(leaves));
    return;
  }
  const std::size_t left = split(leaves.size());
  const std::size_t in_left = first >= left ? 0 : std::min(count, left - first);
  collect(leaves.first(left), in_left == 0 ? 0 : first, in_left, out);
  collect(leaves.subspan(left), first > left ? first - left : 0, count - in_left, out);
}

struct RangeWalk {
  std::span<const Digest> range, proof;

  std::optional<Digest> root(std::size_t size, std::size_t first, std::size_t count) {
    if (count == 0) return take(proof);
    if (size == 1) return take(range);
    const std::size_t left = split(size);
    const std::size_t in_left = first >= left ? 0 : std::min(count, left - first);
    const auto l = root(left, in_left == 0 ? 0 : first, in_left);
    const auto r = root(size - left, first > left ? first - left : 0, count - in_left);
    if (!l || !r) return std::nullopt;
    return node_hash(*l, *r);
  }

 private:
  static std::optional<Digest> take(std::span<const Digest>& from) {
    if (from.empty()) return std::nullopt;
    const Digest first = from.front();
    from = from.subspan(1);
    return first;
  }
};

}  // namespace

Digest leaf_hash(ByteView data) { return Sha256().add(0x00).add(data).finish(); }

Digest node_hash(const Digest& left, const Digest& right) {
  Bytes<65> both;
  both[0] = 0x01;
  std::memcpy(both.data() + 1, left.data(), 32);
  std::memcpy(both.data() + 33, right.data(), 32);
  return sha256(both);
}

Digest empty_root() { return sha256({}); }

Digest merkle_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  const std::size_t left = split(leaves.size());
  return node_hash(merkle_root(leaves.first(left)), merkle_root(leaves.subspan(left)));
}

std::vector<Digest> range_proof(std::span<const Digest> leaves, std::size_t first, std::size_t count) {
  std::vector<Digest> out;
  collect(leaves, first, count, out);
  return out;
}

std::optional<Digest> root_of_range(std::size_t size, std::size_t first, std::span<const Digest> range,
                                    std::span<const Digest> proof) {
  if (range.empty() || first > size || range.size() > size - first) return std::nullopt;
  RangeWalk walk{range, proof};
  const auto root = walk.root(size, first, range.size());
  if (!walk.range.empty() || !walk.proof.empty()) return std::nullopt;
  return root;
}

MerkleFrontier MerkleFrontier::resume(std::uint64_t size, std::vector<Digest> subtrees) {
  HUB_CHECK(static_cast<std::size_t>(std::popcount(size)) == subtrees.size());
  MerkleFrontier tree;
  tree.size_ = size;
  tree.subtrees_ = std::move(subtrees);
  return tree;
}

void MerkleFrontier::add(const Digest& leaf) {
  Digest subtree = leaf;
  for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    subtree = node_hash(subtrees_.back(), subtree);
    subtrees_.pop_back();
  }
  subtrees_.push_back(subtree);
  ++size_;
}

Digest MerkleFrontier::root() const {
  if (subtrees_.empty()) return empty_root();
  Digest root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i > 0; --i) root = node_hash(subtrees_[i - 1], root);
  return root;
}

}  // namespace hub::crypto
