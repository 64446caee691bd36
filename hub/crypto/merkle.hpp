// Merkle trees by RFC 6962 section 2.1: leaf = SHA-256(0x00 ‖ data), node = SHA-256(0x01 ‖ left ‖ right),
// empty tree = SHA-256(""). Used for batches, outcome tables and the journal alike.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "hub/crypto/digest.hpp"

namespace hub::crypto {

Digest leaf_hash(ByteView data);
Digest node_hash(const Digest& left, const Digest& right);
Digest empty_root();

// The root over leaf hashes.
Digest merkle_root(std::span<const Digest> leaves);

// What proves that the leaves [first, first + count) stand in a tree of leaves.size(): the roots of the largest
// subtrees outside the range, left to right in the order of a depth-first walk. For one leaf this holds the digests of
// its inclusion proof; for all leaves it is empty.
std::vector<Digest> range_proof(std::span<const Digest> leaves, std::size_t first, std::size_t count);
// The root that `range`, the leaves from `first`, and the proof give for a tree of `size` leaves;
// nothing when the proof has another length than such a proof has, or the range lies outside.
std::optional<Digest> root_of_range(std::size_t size, std::size_t first, std::span<const Digest> range,
                                    std::span<const Digest> proof);

// The tree of a growing log, in O(log n) memory.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;
  // The tree of so many leaves, of which these are the complete subtrees, as subtrees() gives them.
  static MerkleFrontier resume(std::uint64_t size, std::vector<Digest> subtrees);

  void add(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  Digest root() const;
  // The roots of the complete subtrees, largest first: one per set bit of size().
  const std::vector<Digest>& subtrees() const { return subtrees_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> subtrees_;
};

}  // namespace hub::crypto
