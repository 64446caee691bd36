// A public log of another implementation: each size's signed checkpoint, its tile of leaf hashes and its entries.
#include "hub/crypto/checkpoint.hpp"
#include "hub/crypto/tiles.hpp"
#include "hub/crypto/tree_proof.hpp"
#include "tests/support/tree_rows.hpp"
#include "tests/unit/crypto/public_vectors.hpp"

namespace hub::crypto {
namespace {

constexpr std::uint64_t kSizes = 15;
constexpr const char* kOrigin = "example.com/log/testdata";

Result<Checkpoint> open(const std::string& note) {
  const auto key = parse_verifier_key("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
  if (!key) return tl::unexpected(key.error());
  return open_checkpoint(note, kOrigin, std::span(&*key, 1));
}

Checkpoint checkpoint_of(const std::filesystem::path& log, std::uint64_t size) {
  return open(file_text(log / ("checkpoint." + std::to_string(size)))).value();
}

std::string tile_text(const std::filesystem::path& log, TileKind kind, std::uint64_t size) {
  return file_text(log / tile_path({kind, 0, 0, static_cast<unsigned>(size)}));
}

}  // namespace

TEST_CASE("a public log's checkpoints open, and not with a bit changed") {
  const auto log = public_vectors("tlog");
  if (!log) return;
  CHECK(open(file_text(*log / "checkpoint")).value() == checkpoint_of(*log, kSizes));
  for (std::uint64_t size = 0; size <= kSizes; ++size) {
    CHECK(checkpoint_of(*log, size).size == size);
    std::string note = file_text(*log / ("checkpoint." + std::to_string(size)));
    for (std::size_t i = 0; i < note.size(); ++i) {
      note[i] ^= 1;
      REQUIRE_FALSE(open(note));
      note[i] ^= 1;
    }
  }
}

TEST_CASE("a public log's tiles and entry bundles give its checkpoints' roots") {
  const auto log = public_vectors("tlog");
  if (!log) return;
  for (std::uint64_t size = 1; size <= kSizes; ++size) {
    const std::string tile = tile_text(*log, TileKind::hashes, size), bundle = tile_text(*log, TileKind::entries, size);
    const auto entries = read_entry_bundle(as_bytes(bundle));
    REQUIRE(entries);
    REQUIRE(entries->size() == size);
    REQUIRE(tile.size() == size * 32);
    TreeRows rows;
    Buffer written;
    for (std::size_t i = 0; i < size; ++i) {
      rows.add(leaf_hash((*entries)[i]));
      CHECK(equal(rows.row(0)[i], as_bytes(tile).subspan(i * 32, 32)));
      CHECK(append_entry(written, (*entries)[i]));
    }
    CHECK(as_text(written) == bundle);
    CHECK(root(rows, size).value() == checkpoint_of(*log, size).root);
  }
}

TEST_CASE("each checkpoint of a public log continues the ones before, and holds its entries") {
  const auto log = public_vectors("tlog");
  if (!log) return;
  TreeRows rows;
  const std::string tile = tile_text(*log, TileKind::hashes, kSizes);
  for (std::size_t i = 0; i < kSizes; ++i) rows.add(*fixed<32>(as_bytes(tile).subspan(i * 32, 32)));
  for (std::uint64_t size = 1; size <= kSizes; ++size) {
    const Digest new_root = checkpoint_of(*log, size).root;
    for (std::uint64_t old = 1; old <= size; ++old) {
      const Digest old_root = checkpoint_of(*log, old).root;
      const auto proof = consistency_proof(rows, old, size).value();
      CHECK(verify_consistency(old, old_root, size, new_root, proof));
      if (old < size) CHECK_FALSE(verify_consistency(old, new_root, size, old_root, proof));
      CHECK(verify_inclusion(rows.row(0)[old - 1], old - 1, size, inclusion_proof(rows, old - 1, size).value(),
                             new_root));
    }
  }
}

}  // namespace hub::crypto
