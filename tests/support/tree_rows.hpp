// The rows of a growing tree's stored hashes, in memory, as a hub's file of them would hold them.
#pragma once

#include <algorithm>
#include <vector>

#include "hub/base/check.hpp"
#include "hub/crypto/tree_proof.hpp"

namespace hub::crypto {

class TreeRows : public TreeHashes {
 public:
  void add(const Digest& leaf) {
    Digest hash = leaf;
    for (std::size_t row = 0;; ++row) {
      if (row == rows_.size()) rows_.emplace_back();
      rows_[row].push_back(hash);
      if (rows_[row].size() % 256 != 0) return;
      hash = merkle_root(std::span(rows_[row]).last(256));
    }
  }

  Result<void> read(unsigned row, std::uint64_t first, std::span<Digest> out) const override {
    HUB_CHECK(row < rows_.size() && first + out.size() <= rows_[row].size());
    std::copy_n(rows_[row].begin() + static_cast<std::ptrdiff_t>(first), out.size(), out.begin());
    if (read_.size() <= row) read_.resize(row + 1);
    read_[row] += out.size();
    return {};
  }

  std::span<const Digest> row(std::size_t row) const { return rows_.at(row); }
  std::size_t row_count() const { return rows_.size(); }

  // How many hashes of each row were read since the last call.
  std::vector<std::uint64_t> take_read() { return std::exchange(read_, {}); }

 private:
  std::vector<std::vector<Digest>> rows_;
  mutable std::vector<std::uint64_t> read_;
};

}  // namespace hub::crypto
