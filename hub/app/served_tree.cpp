#include "hub/app/served_tree.hpp"

#include <algorithm>
#include <cstring>

#include "hub/base/check.hpp"
#include "hub/crypto/tiles.hpp"

namespace hub::app {

Result<const ServedTree::Hashes*> ServedTree::tile(unsigned row, std::uint64_t index) const {
  if (const auto known = tiles_.find({row, index}); known != tiles_.end()) return &known->second;
  const std::uint64_t behind = crypto::row_hashes(row, size_) - index * crypto::kTileWidth;
  const auto width = static_cast<unsigned>(std::min<std::uint64_t>(behind, crypto::kTileWidth));
  const std::string path = "/" + crypto::tile_path({crypto::TileKind::hashes, row, index, width});
  const auto bytes = ask_public(hub_, path);
  if (!bytes) return tl::unexpected(bytes.error());
  if (bytes->size() != width * sizeof(crypto::Digest))
    return fail(ErrorCode::tree_hashes_damaged,
                {{"file", hub_.url + path},
                 {"reason", std::to_string(bytes->size()) + " bytes instead of " + std::to_string(width) + " hashes"}});
  Hashes hashes(width);
  std::memcpy(hashes.data(), bytes->data(), bytes->size());
  return &tiles_.emplace(std::pair(row, index), std::move(hashes)).first->second;
}

Result<void> ServedTree::read(unsigned row, std::uint64_t first, std::span<crypto::Digest> out) const {
  HUB_CHECK(first + out.size() <= crypto::row_hashes(row, size_));
  for (std::size_t done = 0; done < out.size();) {
    const std::uint64_t at = first + done;
    const auto hashes = tile(row, at / crypto::kTileWidth);
    if (!hashes) return tl::unexpected(hashes.error());
    const std::size_t skip = at % crypto::kTileWidth;
    const std::size_t count = std::min((*hashes)->size() - skip, out.size() - done);
    std::copy_n((*hashes)->begin() + static_cast<std::ptrdiff_t>(skip), count,
                out.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
  }
  return {};
}

}  // namespace hub::app
