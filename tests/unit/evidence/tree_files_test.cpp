#include "hub/evidence/tree_files.hpp"

#include <catch2/catch.hpp>

#include "tests/support/fake_disk.hpp"

namespace hub::evidence {
namespace {

using crypto::Digest;

std::vector<Digest> leaves_of(std::size_t count) {
  std::vector<Digest> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(crypto::sha256(as_bytes(std::to_string(i))));
  return out;
}

crypto::MerkleFrontier tree_of(std::span<const Digest> leaves) {
  crypto::MerkleFrontier tree;
  for (const Digest& leaf : leaves) tree.add(leaf);
  return tree;
}

// Counts how many leaves had to be learnt anew.
struct Source {
  const std::vector<Digest>& leaves;
  std::size_t asked = 0;
  LeafAt ask() {
    return [this](Position position) -> Result<Digest> {
      ++asked;
      return leaves.at(position.value);
    };
  }
};

Result<TreeWriter> open(test::FakeDisk& disk, const std::vector<Digest>& leaves, Source& source) {
  return TreeWriter::open(disk, tree_of(leaves), source.ask());
}

}  // namespace

TEST_CASE("the files give the tree's root at every size, however the leaves were appended") {
  const auto leaves = leaves_of(70'000);
  test::FakeDisk disk;
  Source source{leaves};
  auto writer = TreeWriter::open(disk, {}, source.ask());
  REQUIRE(writer.has_value());
  std::mt19937_64 random(7);
  for (std::size_t at = 0; at < leaves.size();) {
    const std::size_t count = std::min<std::size_t>(random() % 700, leaves.size() - at);
    REQUIRE(writer->append(std::span(leaves).subspan(at, count)).has_value());
    at += count;
    CHECK(writer->size() == at);
    CHECK(crypto::root(TreeReader(disk), at).value() == tree_of(std::span(leaves).first(at)).root());
  }
  CHECK(disk.contents().at("hashes-1").size() == 70'000 / 256 * 32);
  CHECK(disk.contents().at("hashes-2").size() == 32);
}

TEST_CASE("a start goes on behind what the files hold, and asks for the rest alone") {
  auto leaves = leaves_of(1000);
  test::FakeDisk disk;
  Source source{leaves};
  REQUIRE(open(disk, leaves, source).has_value());
  CHECK(source.asked == 1000);
  leaves = leaves_of(1300);
  source.asked = 0;
  auto writer = open(disk, leaves, source);
  REQUIRE(writer.has_value());
  CHECK(source.asked == 300);
  CHECK(writer->recovered() == 300);
  source.asked = 0;
  REQUIRE(open(disk, leaves, source).has_value());
  CHECK(source.asked == 0);
}

TEST_CASE("hashes of records that the journal does not have any more are written over") {
  const auto many = leaves_of(900);
  auto leaves = leaves_of(500);
  test::FakeDisk disk;
  Source source{many};
  REQUIRE(open(disk, many, source).has_value());
  source.asked = 0;
  auto writer = open(disk, leaves, source);
  REQUIRE(writer.has_value());
  CHECK(source.asked == 0);
  const Digest other = crypto::sha256(as_bytes("other"));
  leaves.push_back(other);
  REQUIRE(writer->append({&other, 1}).has_value());
  CHECK(crypto::root(TreeReader(disk), 501).value() == tree_of(leaves).root());
}

TEST_CASE("files that were damaged, cut or mixed up are written anew") {
  const auto leaves = leaves_of(66'000);
  const auto damage = GENERATE(0, 1, 2, 3, 4);
  CAPTURE(damage);
  test::FakeDisk disk;
  Source source{leaves};
  REQUIRE(open(disk, leaves, source).has_value());
  test::FakeDisk::Snapshot files = disk.contents();
  switch (damage) {
    case 0: files["hashes-0"][66'000 * 32 - 1] ^= 1; break;
    case 1: files["hashes-1"].resize(100 * 32); break;
    case 2: files.erase("hashes-2"); break;
    case 3: std::swap(files["hashes-0"], files["hashes-1"]); break;
    default: files["hashes-2"][0] ^= 1;
  }
  test::FakeDisk damaged(0, files);
  source.asked = 0;
  REQUIRE(open(damaged, leaves, source).has_value());
  CHECK(source.asked >= 66'000);
  CHECK(crypto::root(TreeReader(damaged), 66'000).value() == tree_of(leaves).root());
}

TEST_CASE("leaves that are not those of the journal's root are refused, and the file is named") {
  const auto leaves = leaves_of(100);
  const auto others = leaves_of(101);
  test::FakeDisk disk;
  Source source{others};
  auto tree = tree_of(leaves);
  tree.add(crypto::sha256(as_bytes("another")));
  const auto refused = TreeWriter::open(disk, tree, source.ask());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::tree_hashes_damaged);
}

TEST_CASE("an append that fails takes nothing, and the same leaves may be appended again") {
  const auto leaves = leaves_of(600);
  test::FakeDisk disk;
  Source source{leaves};
  auto writer = TreeWriter::open(disk, {}, source.ask());
  REQUIRE(writer->append(std::span(leaves).first(200)).has_value());
  disk.fail_at(GENERATE(0u, 1u));
  CHECK_FALSE(writer->append(std::span(leaves).subspan(200)).has_value());
  CHECK(writer->size() == 200);
  REQUIRE(writer->append(std::span(leaves).subspan(200)).has_value());
  CHECK(crypto::root(TreeReader(disk), 600).value() == tree_of(leaves).root());
}

}  // namespace hub::evidence
