#include "hub/crypto/tree_proof.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/support/tree_rows.hpp"

namespace hub::crypto {
namespace {

constexpr std::size_t kLeaves = 70'000;  // enough for a complete subtree in row 2

const std::vector<Digest>& leaves() {
  static const auto all = [] {
    std::vector<Digest> out;
    for (std::size_t i = 0; i < kLeaves; ++i) out.push_back(leaf_hash(as_bytes(std::to_string(i))));
    return out;
  }();
  return all;
}

const TreeRows& rows() {
  static const auto all = [] {
    TreeRows out;
    for (const Digest& leaf : leaves()) out.add(leaf);
    return out;
  }();
  return all;
}

Digest root_of(std::size_t size) { return merkle_root(std::span(leaves()).first(size)); }

// RFC 6962 section 2.1.2 as it is written down, over leaves.
void subproof(std::span<const Digest> part, std::size_t old_size, bool whole, std::vector<Digest>& out) {
  if (old_size == part.size()) {
    if (!whole) out.push_back(merkle_root(part));
    return;
  }
  std::size_t split = 1;
  while (split * 2 < part.size()) split *= 2;
  if (old_size <= split) {
    subproof(part.first(split), old_size, whole, out);
    out.push_back(merkle_root(part.subspan(split)));
  } else {
    subproof(part.subspan(split), old_size - split, false, out);
    out.push_back(merkle_root(part.first(split)));
  }
}

std::vector<Digest> sorted(std::vector<Digest> digests) {
  std::sort(digests.begin(), digests.end());
  return digests;
}

// Sizes around the ends of tiles as often as any others.
std::size_t any_size(std::size_t smallest) {
  const auto size = *rc::gen::oneOf(
      rc::gen::inRange<std::size_t>(1, 600), rc::gen::inRange<std::size_t>(1, kLeaves + 1),
      rc::gen::element<std::size_t>(255, 256, 257, 511, 512, 513, 65'535, 65'536, 65'537, 65'792, kLeaves));
  return std::max(size, smallest);
}

// Reads fail.
class NoRows : public TreeHashes {
 public:
  Result<void> read(unsigned, std::uint64_t, std::span<Digest>) const override { return fail(ErrorCode::io_failed); }
};

}  // namespace

TEST_CASE("the stored hashes give the root and the frontier of every size") {
  for (std::size_t size = 0; size <= 600; ++size) REQUIRE(root(rows(), size).value() == root_of(size));
  for (const std::size_t size : {65'535u, 65'536u, 65'537u, 70'000u})
    REQUIRE(root(rows(), size).value() == root_of(size));
  for (const std::size_t size : {0u, 1u, 255u, 256u, 300u, 65'536u, 65'791u}) {
    auto tree = frontier(rows(), size).value();
    CHECK(tree.size() == size);
    CHECK(tree.root() == root_of(size));
    for (std::size_t i = size; i < size + 3; ++i) tree.add(leaves()[i]);
    CHECK(tree.root() == root_of(size + 3));
    CHECK(MerkleFrontier::resume(tree.size(), tree.subtrees()).root() == tree.root());
  }
}

TEST_CASE("a proof from stored hashes has the digests of the proof over the leaves, and proves") {
  CHECK(rc::check([] {
    const auto size = any_size(1);
    const auto index = *rc::gen::inRange<std::size_t>(0, size);
    const auto proof = inclusion_proof(rows(), index, size).value();
    RC_ASSERT(sorted(proof) == sorted(range_proof(std::span(leaves()).first(size), index, 1)));
    RC_ASSERT(verify_inclusion(leaves()[index], index, size, proof, root_of(size)));
  }));
}

TEST_CASE("a consistency proof from stored hashes is the one of RFC 6962 over the leaves, and proves") {
  CHECK(rc::check([] {
    const auto size = any_size(1);
    const auto old_size = *rc::gen::inRange<std::size_t>(1, size + 1);
    const auto proof = consistency_proof(rows(), old_size, size).value();
    std::vector<Digest> expected;
    subproof(std::span(leaves()).first(size), old_size, true, expected);
    RC_ASSERT(proof == expected);
    RC_ASSERT(verify_consistency(old_size, root_of(old_size), size, root_of(size), proof));
  }));
}

TEST_CASE("each pair of sizes up to 40 is proved, and each leaf of them") {
  for (std::size_t size = 1; size <= 40; ++size)
    for (std::size_t other = 0; other < size; ++other) {
      REQUIRE(
          verify_inclusion(leaves()[other], other, size, inclusion_proof(rows(), other, size).value(), root_of(size)));
      REQUIRE(verify_consistency(other + 1, root_of(other + 1), size, root_of(size),
                                 consistency_proof(rows(), other + 1, size).value()));
    }
}

TEST_CASE("every changed bit of an inclusion proof, of its leaf or of its root makes it fail") {
  for (const auto& [index, size] :
       {std::pair<std::size_t, std::size_t>{0, 1}, {0, 7}, {6, 7}, {300, 513}, {65'536, 70'000}}) {
    auto proof = inclusion_proof(rows(), index, size).value();
    Digest leaf = leaves()[index], top = root_of(size);
    for (std::size_t bit = 0; bit < (proof.size() + 2) * 256; ++bit) {
      const std::size_t which = bit / 256;
      Digest& digest = which < proof.size() ? proof[which] : which == proof.size() ? leaf : top;
      digest[bit % 256 / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      REQUIRE_FALSE(verify_inclusion(leaf, index, size, proof, top));
      digest[bit % 256 / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    }
    REQUIRE(verify_inclusion(leaf, index, size, proof, top));
  }
}

TEST_CASE("every changed bit of a consistency proof or of its roots makes it fail") {
  for (const auto& [old_size, size] :
       {std::pair<std::size_t, std::size_t>{1, 2}, {4, 7}, {6, 7}, {300, 513}, {256, 70'000}}) {
    auto proof = consistency_proof(rows(), old_size, size).value();
    Digest old_root = root_of(old_size), new_root = root_of(size);
    for (std::size_t bit = 0; bit < (proof.size() + 2) * 256; ++bit) {
      const std::size_t which = bit / 256;
      Digest& digest = which < proof.size() ? proof[which] : which == proof.size() ? old_root : new_root;
      digest[bit % 256 / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      REQUIRE_FALSE(verify_consistency(old_size, old_root, size, new_root, proof));
      digest[bit % 256 / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    }
    REQUIRE(verify_consistency(old_size, old_root, size, new_root, proof));
  }
}

TEST_CASE("a proof for another place, of another size or of another length fails") {
  CHECK(rc::check("a digest dropped or added", [] {
    const auto size = any_size(2), index = *rc::gen::inRange<std::size_t>(0, size);
    auto proof = inclusion_proof(rows(), index, size).value();
    const auto at = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, proof.size()));
    if (*rc::gen::arbitrary<bool>()) {
      proof.erase(proof.begin() + at);
    } else {
      proof.insert(proof.begin() + at, leaves()[0]);
    }
    RC_ASSERT(!verify_inclusion(leaves()[index], index, size, proof, root_of(size)));
  }));
  CHECK(rc::check("another index", [] {
    const auto size = any_size(2), index = *rc::gen::inRange<std::size_t>(0, size);
    const auto other = (index + *rc::gen::inRange<std::size_t>(1, size)) % size;
    const auto proof = inclusion_proof(rows(), index, size).value();
    RC_ASSERT(!verify_inclusion(leaves()[index], other, size, proof, root_of(size)));
  }));
  CHECK(rc::check("a tree that differs in an old leaf", [] {
    const auto size = *rc::gen::inRange<std::size_t>(3, 600), old_size = *rc::gen::inRange<std::size_t>(1, size);
    TreeRows forked;
    const auto changed = *rc::gen::inRange<std::size_t>(0, old_size);
    for (std::size_t i = 0; i < size; ++i) forked.add(leaves()[i == changed ? i + 1 : i]);
    const auto proof = consistency_proof(forked, old_size, size).value();
    RC_ASSERT(!verify_consistency(old_size, root_of(old_size), size, root(forked, size).value(), proof));
  }));
  const auto proof = consistency_proof(rows(), 5, 9).value();
  CHECK_FALSE(verify_consistency(9, root_of(9), 5, root_of(5), proof));
  CHECK_FALSE(verify_consistency(6, root_of(6), 9, root_of(9), proof));
  CHECK_FALSE(verify_consistency(5, root_of(5), 10, root_of(10), proof));
  CHECK_FALSE(verify_consistency(5, root_of(5), 9, root_of(9), {}));
  CHECK_FALSE(verify_consistency(5, root_of(5), 5, root_of(4), {}));
  CHECK_FALSE(verify_consistency(5, root_of(5), 5, root_of(5), proof));
  CHECK_FALSE(verify_inclusion(leaves()[0], 0, 0, {}, empty_root()));
  CHECK_FALSE(verify_inclusion(leaves()[0], UINT64_MAX, UINT64_MAX, {}, leaves()[0]));
}

TEST_CASE("an empty old tree has no consistency proof, and none is taken for it") {
  CHECK_FALSE(verify_consistency(0, empty_root(), 5, root_of(5), {}));
  CHECK_FALSE(verify_consistency(0, empty_root(), 0, empty_root(), {}));
  CHECK(consistency_proof(rows(), 0, 5).error().code == ErrorCode::proof_not_possible);
}

TEST_CASE("a proof beyond the tree is not possible, at its end it is") {
  CHECK(inclusion_proof(rows(), 9, 10).has_value());
  const auto beyond = inclusion_proof(rows(), 10, 10);
  REQUIRE_FALSE(beyond.has_value());
  CHECK(beyond.error().code == ErrorCode::proof_not_possible);
  CHECK(beyond.error().fact("asked") == "10");
  CHECK(beyond.error().fact("size") == "10");
  CHECK(consistency_proof(rows(), 10, 10).value().empty());
  CHECK(consistency_proof(rows(), 11, 10).error().code == ErrorCode::proof_not_possible);
}

TEST_CASE("no proof reads 512 hashes of a row") {
  TreeRows counted = rows();
  counted.take_read();
  CHECK(rc::check([&] {
    const auto size = any_size(1);
    const auto index = *rc::gen::inRange<std::size_t>(0, size);
    RC_ASSERT(inclusion_proof(counted, index, size).has_value());
    for (const auto reads : counted.take_read()) RC_ASSERT(reads < 512u);
    RC_ASSERT(consistency_proof(counted, index + 1, size).has_value());
    for (const auto reads : counted.take_read()) RC_ASSERT(reads < 512u);
  }));
}

TEST_CASE("what a read fails with is what the proof fails with") {
  const NoRows hashes;
  CHECK(inclusion_proof(hashes, 0, 2).error().code == ErrorCode::io_failed);
  CHECK(consistency_proof(hashes, 1, 2).error().code == ErrorCode::io_failed);
  CHECK(root(hashes, 1).error().code == ErrorCode::io_failed);
  CHECK(frontier(hashes, 1).error().code == ErrorCode::io_failed);
  CHECK(root(hashes, 0).value() == empty_root());
}

}  // namespace hub::crypto
