// The files of a log as C2SP tlog-tiles names them, and the bytes of its entry bundles.
//
//   tile/<L>/<N>[.p/<W>]          W hashes (32 bytes each) of row L, from the 256*N-th: full tiles have 256
//   tile/entries/<N>[.p/<W>]      the W entries below the hashes of row 0, from the 256*N-th
//
//   N in groups of three digits, all but the last with an x before them: 1234067 is x001/x234/067
//   entry bundle = u16 big-endian length ‖ entry, for each entry
//
// Threads: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/bytes.hpp"

namespace hub::crypto {

constexpr unsigned kTileWidth = 256;                              // hashes or entries of a full one
constexpr unsigned kTileRowMax = 63;                              // of a path; a tree of 2^63 leaves has rows 0 to 7
constexpr std::uint64_t kTileIndexMax = 999'999'999'999'999'999;  // six groups of digits
constexpr std::size_t kEntryBytesMax = UINT16_MAX;

enum class TileKind { hashes, entries };

struct Tile {
  TileKind kind = TileKind::hashes;
  unsigned row = 0;  // 0 for entries
  std::uint64_t index = 0;
  unsigned width = kTileWidth;
  friend bool operator==(const Tile&, const Tile&) = default;
};

std::string tile_path(const Tile& tile);
// Nothing for a path that tile_path doesn't write.
std::optional<Tile> parse_tile_path(std::string_view path);

// How many hashes the row of a tree of that size has.
std::uint64_t row_hashes(unsigned row, std::uint64_t tree_size);
// Whether the tree fills the tile. A partial tile of a smaller size stays available.
bool has_tile(const Tile& tile, std::uint64_t tree_size);
// All tiles of a tree, row by row: the full ones and at most one partial one at a row's end; then the entry bundles.
std::vector<Tile> tiles_of(std::uint64_t tree_size);

// False, and the bundle as it was, for an entry of more than kEntryBytesMax.
[[nodiscard]] bool append_entry(Buffer& bundle, ByteView entry);
// The entries as views into the bundle; nothing when its bytes aren't whole entries, at most kTileWidth of them.
std::optional<std::vector<ByteView>> read_entry_bundle(ByteView bundle);

}  // namespace hub::crypto
