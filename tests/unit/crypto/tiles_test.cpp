#include "hub/crypto/tiles.hpp"

#include <rapidcheck.h>
#include <algorithm>
#include <catch2/catch.hpp>

namespace hub::crypto {
namespace {

std::vector<std::string> paths_of(std::uint64_t size) {
  std::vector<std::string> out;
  for (const Tile& tile : tiles_of(size)) out.push_back(tile_path(tile));
  return out;
}

}  // namespace

TEST_CASE("tile paths are those of tlog-tiles, and read back") {
  const std::pair<Tile, const char*> cases[] = {
      {{TileKind::hashes, 0, 0, 256}, "tile/0/000"},
      {{TileKind::hashes, 0, 1'234'067, 256}, "tile/0/x001/x234/067"},
      {{TileKind::hashes, 2, 1000, 17}, "tile/2/x001/000.p/17"},
      {{TileKind::hashes, 63, 999, 255}, "tile/63/999.p/255"},
      {{TileKind::entries, 0, 67, 1}, "tile/entries/067.p/1"},
      {{TileKind::entries, 0, 999'999, 256}, "tile/entries/x999/999"},
      {{TileKind::hashes, 0, kTileIndexMax, 256}, "tile/0/x999/x999/x999/x999/x999/999"},
  };
  for (const auto& [tile, path] : cases) {
    CHECK(tile_path(tile) == path);
    CHECK(parse_tile_path(path) == tile);
  }
}

TEST_CASE("a path in another spelling names no tile") {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/x000",
                           "tile/0/x000/067",
                           "tile/0/000/067",
                           "tile/0/X001/067",
                           "tile/0/x01/067",
                           "tile/0/x0001/067",
                           "tile/0/x001/x067",
                           "tile/0/x001//067",
                           "tile/0/x001/067/",
                           "tile/0/06a",
                           "tile/0/-67",
                           "tile/00/067",
                           "tile/+1/067",
                           "tile/64/067",
                           "tile/-1/067",
                           "tile//067",
                           "tile/data/067",
                           "tile/entries",
                           "tile/entries/",
                           "tile/Entries/067",
                           "/tile/0/067",
                           "tile/0/067.p",
                           "tile/0/067.p/",
                           "tile/0/067.p/0",
                           "tile/0/067.p/01",
                           "tile/0/067.p/256",
                           "tile/0/067.p/1/",
                           "tile/0/067.p/1.p/1",
                           "tile/0/067.P/1",
                           "tile/0/x001.p/1/067",
                           "tile/0/../067",
                           "tile/0/067 ",
                           "tile/0/x001/x000/x000/x000/x000/x000/000"}) {
    INFO(path);
    CHECK_FALSE(parse_tile_path(path));
  }
}

TEST_CASE("any tile's path reads back") {
  CHECK(rc::check([] {
    const Tile tile{TileKind::hashes, *rc::gen::inRange(0u, kTileRowMax + 1),
                    *rc::gen::inRange<std::uint64_t>(0, kTileIndexMax) >> *rc::gen::inRange(0, 60),
                    *rc::gen::inRange(1u, kTileWidth + 1)};
    RC_ASSERT(parse_tile_path(tile_path(tile)) == tile);
  }));
}

TEST_CASE("a tree of 70000 leaves has the tiles that tlog-tiles counts for it") {
  const auto paths = paths_of(70'000);
  const auto begins = [&](const std::string& start) {
    return std::count_if(paths.begin(), paths.end(), [&](const std::string& path) { return path.starts_with(start); });
  };
  CHECK(begins("tile/0/") == 274);
  CHECK(begins("tile/1/") == 2);
  CHECK(begins("tile/2/") == 1);
  CHECK(begins("tile/entries/") == 274);
  CHECK(paths.size() == 551);
  for (const char* path :
       {"tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"})
    CHECK(std::count(paths.begin(), paths.end(), path) == 1);
}

TEST_CASE("small trees have no empty tiles") {
  using Paths = std::vector<std::string>;
  CHECK(paths_of(0).empty());
  CHECK(paths_of(1) == Paths{"tile/0/000.p/1", "tile/entries/000.p/1"});
  CHECK(paths_of(255) == Paths{"tile/0/000.p/255", "tile/entries/000.p/255"});
  CHECK(paths_of(256) == Paths{"tile/0/000", "tile/1/000.p/1", "tile/entries/000"});
  CHECK(paths_of(257) ==
        Paths{"tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/1"});
}

TEST_CASE("a tree has its tiles and those of every smaller size") {
  for (const std::uint64_t size : {1u, 255u, 256u, 257u, 600u, 65'536u})
    for (const Tile& tile : tiles_of(size)) {
      CHECK(has_tile(tile, size));
      CHECK(has_tile(tile, size + 1));
      CHECK(has_tile(tile, size + 256));
    }
  CHECK(has_tile({TileKind::hashes, 0, 1, 44}, 300));
  CHECK_FALSE(has_tile({TileKind::hashes, 0, 1, 45}, 300));
  CHECK_FALSE(has_tile({TileKind::hashes, 0, 1, 256}, 511));
  CHECK_FALSE(has_tile({TileKind::hashes, 0, 2, 1}, 512));
  CHECK_FALSE(has_tile({TileKind::hashes, 1, 0, 1}, 255));
  CHECK_FALSE(has_tile({TileKind::hashes, 8, 0, 1}, UINT64_MAX));
  CHECK(has_tile({TileKind::hashes, 7, 0, 127}, INT64_MAX));
}

TEST_CASE("an entry bundle has its entries behind big-endian lengths, and reads back") {
  Buffer bundle;
  REQUIRE(append_entry(bundle, as_bytes("abc")));
  REQUIRE(append_entry(bundle, {}));
  REQUIRE(append_entry(bundle, Buffer(258, 0x5a)));
  CHECK(to_hex(ByteView(bundle).first(9)) == "000361626300000102");
  const auto entries = read_entry_bundle(bundle);
  REQUIRE(entries);
  REQUIRE(entries->size() == 3);
  CHECK(as_text((*entries)[0]) == "abc");
  CHECK((*entries)[1].empty());
  CHECK((*entries)[2].size() == 258);
  CHECK(read_entry_bundle({})->empty());
}

TEST_CASE("an entry may have 65535 bytes and a bundle 256 entries, and no more") {
  Buffer bundle;
  REQUIRE(append_entry(bundle, Buffer(kEntryBytesMax)));
  CHECK(read_entry_bundle(bundle)->front().size() == kEntryBytesMax);
  const Buffer before = bundle;
  CHECK_FALSE(append_entry(bundle, Buffer(kEntryBytesMax + 1)));
  CHECK(bundle == before);
  Buffer many(2 * kTileWidth);
  CHECK(read_entry_bundle(many)->size() == kTileWidth);
  many.resize(2 * (kTileWidth + 1));
  CHECK_FALSE(read_entry_bundle(many));
}

TEST_CASE("a bundle that ends within an entry is refused") {
  Buffer bundle;
  REQUIRE(append_entry(bundle, as_bytes("abc")));
  for (std::size_t size = 1; size < bundle.size(); ++size) CHECK_FALSE(read_entry_bundle(ByteView(bundle).first(size)));
}

}  // namespace hub::crypto
