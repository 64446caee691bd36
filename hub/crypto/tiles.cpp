#include "hub/crypto/tiles.hpp"

#include "hub/base/check.hpp"
#include "hub/crypto/text_lines.hpp"

namespace hub::crypto {
namespace {

constexpr std::string_view kEntries = "entries";

std::string three_digits(std::uint64_t group) {
  const std::string digits = std::to_string(group);
  return std::string(3 - digits.size(), '0') + digits;
}

std::string index_path(std::uint64_t index) {
  std::string path = three_digits(index % 1000);
  while ((index /= 1000) != 0) path = "x" + three_digits(index % 1000) + "/" + path;
  return path;
}

// What the groups mean, whether or not index_path would write them so.
std::optional<std::uint64_t> parse_index(std::string_view path) {
  std::uint64_t index = 0;
  for (int groups = 0; groups < 6; ++groups) {
    const bool last = path.size() == 3;
    if (!last && (path.size() < 5 || path[0] != 'x' || path[4] != '/')) return std::nullopt;
    for (const char digit : path.substr(last ? 0 : 1, 3)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      index = index * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    if (last) return index;
    path.remove_prefix(5);
  }
  return std::nullopt;
}

// The full tiles of a row and the partial one at its end.
void add_row(std::vector<Tile>& tiles, TileKind kind, unsigned row, std::uint64_t hashes) {
  const std::uint64_t full = hashes / kTileWidth;
  for (std::uint64_t index = 0; index < full; ++index) tiles.push_back({kind, row, index, kTileWidth});
  if (const auto width = static_cast<unsigned>(hashes % kTileWidth); width > 0)
    tiles.push_back({kind, row, full, width});
}

}  // namespace

std::string tile_path(const Tile& tile) {
  HUB_CHECK(tile.row <= kTileRowMax && tile.index <= kTileIndexMax && tile.width >= 1 && tile.width <= kTileWidth);
  std::string path = "tile/";
  path += tile.kind == TileKind::entries ? std::string(kEntries) : std::to_string(tile.row);
  path += "/" + index_path(tile.index);
  if (tile.width < kTileWidth) path += ".p/" + std::to_string(tile.width);
  return path;
}

std::optional<Tile> parse_tile_path(std::string_view path) {
  const std::string_view whole = path;
  if (!path.starts_with("tile/")) return std::nullopt;
  path.remove_prefix(5);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Tile tile;
  if (path.substr(0, slash) == kEntries) {
    tile.kind = TileKind::entries;
  } else {
    const auto row = parse_decimal(path.substr(0, slash), kTileRowMax);
    if (!row) return std::nullopt;
    tile.row = static_cast<unsigned>(*row);
  }
  path.remove_prefix(slash + 1);
  if (const std::size_t partial = path.find(".p/"); partial != std::string_view::npos) {
    const auto width = parse_decimal(path.substr(partial + 3), kTileWidth - 1);
    if (!width || *width == 0) return std::nullopt;
    tile.width = static_cast<unsigned>(*width);
    path = path.substr(0, partial);
  }
  const auto index = parse_index(path);
  if (!index) return std::nullopt;
  tile.index = *index;
  // Groups of zeros in front would make a second path for the same tile.
  if (tile_path(tile) != whole) return std::nullopt;
  return tile;
}

std::uint64_t row_hashes(unsigned row, std::uint64_t tree_size) { return row < 8 ? tree_size >> (8 * row) : 0; }

bool has_tile(const Tile& tile, std::uint64_t tree_size) {
  const std::uint64_t hashes = row_hashes(tile.row, tree_size);
  return tile.index < hashes / kTileWidth || (tile.index == hashes / kTileWidth && tile.width <= hashes % kTileWidth);
}

std::vector<Tile> tiles_of(std::uint64_t tree_size) {
  std::vector<Tile> tiles;
  for (unsigned row = 0; row_hashes(row, tree_size) > 0; ++row)
    add_row(tiles, TileKind::hashes, row, row_hashes(row, tree_size));
  add_row(tiles, TileKind::entries, 0, tree_size);
  return tiles;
}

bool append_entry(Buffer& bundle, ByteView entry) {
  if (entry.size() > kEntryBytesMax) return false;
  bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
  bundle.push_back(static_cast<std::uint8_t>(entry.size()));
  append(bundle, entry);
  return true;
}

std::optional<std::vector<ByteView>> read_entry_bundle(ByteView bundle) {
  std::vector<ByteView> entries;
  while (!bundle.empty()) {
    if (bundle.size() < 2 || entries.size() == kTileWidth) return std::nullopt;
    const auto size = static_cast<std::size_t>(bundle[0] << 8 | bundle[1]);
    if (bundle.size() - 2 < size) return std::nullopt;
    entries.push_back(bundle.subspan(2, size));
    bundle = bundle.subspan(2 + size);
  }
  return entries;
}

}  // namespace hub::crypto
