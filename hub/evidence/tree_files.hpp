// The hashes of the Merkle tree over the journal, on disk: what proofs are made from and what is served as tiles. One
// file a row, `hashes-<row>`: the roots of the complete subtrees of 256^row leaves, 32 bytes each, in order. So row 0
// holds the leaves, and tile N of row L is the bytes from 8192 * N of its file.
//
// A projection of the journal: nothing here is synced, and what a start finds is held against the journal's own root.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "hub/base/strong.hpp"
#include "hub/crypto/merkle.hpp"
#include "hub/crypto/tiles.hpp"
#include "hub/crypto/tree_proof.hpp"
#include "hub/ports/disk.hpp"

namespace hub::evidence {

constexpr unsigned kRows = 8;  // 256^8 leaves are more than positions can count

// Reads what a TreeWriter, perhaps of another process, has written. Several threads may read at once.
class TreeReader final : public crypto::TreeHashes {
 public:
  explicit TreeReader(ports::Disk& disk) : disk_(disk) {}
  // tree_hashes_damaged (file, reason) where there is less than that.
  Result<void> read(unsigned row, std::uint64_t first, std::span<crypto::Digest> out) const override;

 private:
  ports::Disk& disk_;
};

// Where the leaf of a record is learnt anew.
using LeafAt = std::function<Result<crypto::Digest>(Position)>;

// Appends to the files. One thread.
class TreeWriter {
 public:
  // Goes on behind the leaves of `tree`: those that the files lack are asked of `leaf_at`; files that do not give the
  // root of `tree` are written anew from its first leaf on.
  static Result<TreeWriter> open(ports::Disk& disk, const crypto::MerkleFrontier& tree, const LeafAt& leaf_at);

  std::uint64_t size() const { return rows_[0].count; }
  // All or, when it fails, none of them: it may be tried again.
  Result<void> append(std::span<const crypto::Digest> leaves);
  // How many leaves had to be asked for at the start.
  std::uint64_t recovered() const { return recovered_; }

 private:
  struct Row {
    std::unique_ptr<ports::File> file;
    std::uint64_t count = 0;              // hashes in it
    std::vector<crypto::Digest> partial;  // the last count % 256 of them
  };
  explicit TreeWriter(ports::Disk& disk) : disk_(disk), rows_(kRows) {}
  Result<void> open_files();
  Result<void> go_on_at(std::uint64_t leaves);
  Result<void> recover(const crypto::MerkleFrontier& tree, const LeafAt& leaf_at);
  Result<void> add_missing(std::uint64_t end, const LeafAt& leaf_at);
  Result<bool> has_root(const crypto::MerkleFrontier& tree) const;
  Result<void> append_to(unsigned row, std::span<const crypto::Digest> hashes);

  ports::Disk& disk_;
  std::vector<Row> rows_;
  std::uint64_t recovered_ = 0;
};

}  // namespace hub::evidence
