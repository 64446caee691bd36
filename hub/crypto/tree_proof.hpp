// Proofs of a big tree from its stored hashes, and their verification (RFC 9162 sections 2.1.3 and 2.1.4).
//
// A proof lists its digests from the leaf's side to the root's. `range_proof` of merkle.hpp has the same digests in the
// order of a walk from the root; it serves batches, whose leaves are all in memory. Threads: free functions.
#pragma once

#include "hub/base/result.hpp"
#include "hub/crypto/merkle.hpp"

namespace hub::crypto {

constexpr std::size_t kProofHashesMax = 64;  // of an inclusion proof; a consistency proof may have one more
constexpr unsigned kTileHeight = 8;          // levels of the tree from one stored row to the next

// The roots of the complete subtrees of 256^row leaves, in order: row 0 holds the leaf hashes. Rows of tlog-tiles.
class TreeHashes {
 public:
  virtual ~TreeHashes() = default;
  // The hashes [first, first + out.size()) of a row. Only ones are asked for that the tree of the asked size completes.
  virtual Result<void> read(unsigned row, std::uint64_t first, std::span<Digest> out) const = 0;
};

// Each reads less than 512 hashes of a row. Errors: proof_not_possible (asked, size), and those of read.
Result<std::vector<Digest>> inclusion_proof(const TreeHashes& hashes, std::uint64_t index, std::uint64_t size);
Result<std::vector<Digest>> consistency_proof(const TreeHashes& hashes, std::uint64_t old_size, std::uint64_t new_size);
Result<Digest> root(const TreeHashes& hashes, std::uint64_t size);
// The tree of that size, to go on with.
Result<MerkleFrontier> frontier(const TreeHashes& hashes, std::uint64_t size);

// Whether the leaf (its hash) stands at that index of the tree.
bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> proof,
                      const Digest& root);
// Whether the new tree begins with the old one. False from an empty tree: everything continues it, nothing proves it.
bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size, const Digest& new_root,
                        std::span<const Digest> proof);

}  // namespace hub::crypto
