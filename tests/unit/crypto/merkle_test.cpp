#include "hub/crypto/merkle.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

namespace hub::crypto {
namespace {

std::vector<Digest> leaves_of(std::size_t count) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash(as_bytes(std::to_string(i))));
  return leaves;
}

struct Case {
  std::vector<Digest> leaves;
  std::size_t first, count;
  std::span<const Digest> range() const { return std::span(leaves).subspan(first, count); }
};

Case any_case(std::size_t size_min = 1) {
  const auto size = *rc::gen::inRange<std::size_t>(size_min, 41);
  const auto first = *rc::gen::inRange<std::size_t>(0, size);
  return {leaves_of(size), first, *rc::gen::inRange<std::size_t>(1, size - first + 1)};
}

Digest flipped(Digest digest) {
  const auto bit = *rc::gen::inRange<unsigned>(0, 256);
  digest[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
  return digest;
}

}  // namespace

TEST_CASE("roots are those of RFC 6962") {
  // Certificate Transparency's reference test: eight inputs and the roots of their first n.
  const char* inputs[] = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  CHECK(to_hex(empty_root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  std::vector<Digest> leaves;
  MerkleFrontier frontier;
  for (std::size_t i = 0; i < 8; ++i) {
    leaves.push_back(leaf_hash(*from_hex(inputs[i])));
    frontier.add(leaves.back());
    CHECK(to_hex(merkle_root(leaves)) == roots[i]);
    CHECK(to_hex(frontier.root()) == roots[i]);
  }
}

TEST_CASE("a growing tree has the root of its leaves at every size") {
  MerkleFrontier frontier;
  CHECK(frontier.root() == merkle_root({}));
  const auto leaves = leaves_of(300);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    frontier.add(leaves[i]);
    REQUIRE(frontier.size() == i + 1);
    REQUIRE(frontier.root() == merkle_root(std::span(leaves).first(i + 1)));
  }
}

TEST_CASE("every range of every tree of up to 40 leaves is proved by its proof") {
  for (std::size_t size = 1; size <= 40; ++size) {
    const auto leaves = leaves_of(size);
    const Digest root = merkle_root(leaves);
    for (std::size_t first = 0; first < size; ++first)
      for (std::size_t count = 1; count <= size - first; ++count) {
        const auto proof = range_proof(leaves, first, count);
        REQUIRE(root_of_range(size, first, std::span(leaves).subspan(first, count), proof) == root);
      }
    CHECK(range_proof(leaves, 0, size).empty());
  }
}

TEST_CASE("a range outside its tree, or none, proves nothing") {
  const auto leaves = leaves_of(5);
  const std::span all(leaves);
  CHECK_FALSE(root_of_range(5, 0, {}, {}));
  CHECK_FALSE(root_of_range(5, 5, all.first(1), {}));
  CHECK_FALSE(root_of_range(5, 4, all.first(2), {}));
  CHECK_FALSE(root_of_range(0, 0, all.first(1), {}));
  CHECK_FALSE(root_of_range(4, 0, all, {}));
  CHECK_FALSE(root_of_range(5, SIZE_MAX, all.first(1), {}));
}

TEST_CASE("a changed, dropped, added or exchanged digest never proves the root") {
  CHECK(rc::check("a changed digest gives another root", [] {
    const Case c = any_case();
    std::vector<Digest> range(c.range().begin(), c.range().end()), proof = range_proof(c.leaves, c.first, c.count);
    const auto which = *rc::gen::inRange<std::size_t>(0, range.size() + proof.size());
    Digest& digest = which < range.size() ? range[which] : proof[which - range.size()];
    digest = flipped(digest);
    const auto root = root_of_range(c.leaves.size(), c.first, range, proof);
    RC_ASSERT(root.has_value());
    RC_ASSERT(*root != merkle_root(c.leaves));
  }));
  CHECK(rc::check("a proof of another length gives none", [] {
    const Case c = any_case();
    auto proof = range_proof(c.leaves, c.first, c.count);
    const auto at = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, proof.size() + 1));
    if (static_cast<std::size_t>(at) < proof.size() && *rc::gen::arbitrary<bool>()) {
      proof.erase(proof.begin() + at);
    } else {
      proof.insert(proof.begin() + at, c.leaves[0]);
    }
    RC_ASSERT(!root_of_range(c.leaves.size(), c.first, c.range(), proof));
  }));
  CHECK(rc::check("another place in the tree gives another root or none", [] {
    const Case c = any_case(2);
    const auto proof = range_proof(c.leaves, c.first, c.count);
    const auto first = (c.first + *rc::gen::inRange<std::size_t>(1, c.leaves.size())) % c.leaves.size();
    RC_ASSERT(root_of_range(c.leaves.size(), first, c.range(), proof) != merkle_root(c.leaves));
  }));
}

}  // namespace hub::crypto
