// The hashes of a running hub's tree, from the tiles that it serves (C2SP tlog-tiles): no token is needed. Of a tree of
// `size` records the full tiles are asked for and each row's one partial tile, every tile once. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hub/app/api_client.hpp"
#include "hub/crypto/tree_proof.hpp"

namespace hub::app {

class ServedTree final : public crypto::TreeHashes {
 public:
  ServedTree(ApiAddress hub, std::uint64_t size) : hub_(std::move(hub)), size_(size) {}
  // As ask_public; tree_hashes_damaged for a tile of another length.
  Result<void> read(unsigned row, std::uint64_t first, std::span<crypto::Digest> out) const override;

 private:
  using Hashes = std::vector<crypto::Digest>;
  Result<const Hashes*> tile(unsigned row, std::uint64_t index) const;

  const ApiAddress hub_;
  const std::uint64_t size_;
  mutable std::map<std::pair<unsigned, std::uint64_t>, Hashes> tiles_;
};

}  // namespace hub::app
