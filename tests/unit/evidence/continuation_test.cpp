#include "hub/evidence/continuation.hpp"

#include <catch2/catch.hpp>

#include "tests/support/tree_rows.hpp"

namespace hub::evidence {
namespace {

using crypto::Digest;

// A log whose records from `fork` on are others than those of a log with another fork.
struct Log {
  crypto::TreeRows rows;
  crypto::MerkleFrontier tree;
  std::vector<crypto::Checkpoint> checkpoints = {{"hub.test", 0, crypto::empty_root()}};

  explicit Log(std::size_t size, std::size_t fork = SIZE_MAX) {
    for (std::size_t i = 0; i < size; ++i) {
      const Digest leaf = crypto::sha256(as_bytes(std::to_string(i) + (i < fork ? "" : " of another log")));
      rows.add(leaf);
      tree.add(leaf);
      checkpoints.push_back({"hub.test", tree.size(), tree.root()});
    }
  }
};

std::string refusal(const Result<std::vector<Digest>>& result) {
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::tree_forked);
  return result.error().facts.at(2).value;
}

}  // namespace

TEST_CASE("a log continues each checkpoint that it had, and the proof says so to others") {
  const Log log(600);
  for (const std::size_t seen : {1u, 2u, 255u, 256u, 257u, 599u, 600u}) {
    const auto proof = check_continuation(log.checkpoints[seen], log.checkpoints[600], log.rows);
    REQUIRE(proof.has_value());
    CHECK(crypto::verify_consistency(seen, log.checkpoints[seen].root, 600, log.checkpoints[600].root, *proof));
  }
}

TEST_CASE("every log continues an empty one, whose root is known") {
  const Log log(3);
  const auto proof = check_continuation(log.checkpoints[0], log.checkpoints[3], log.rows);
  REQUIRE(proof.has_value());
  CHECK(proof->empty());
  CHECK(check_continuation(log.checkpoints[0], log.checkpoints[0], log.rows).has_value());
  auto other = log.checkpoints[0];
  other.root[0] ^= 1;
  CHECK(refusal(check_continuation(other, log.checkpoints[3], log.rows)) == "an empty log has another root");
}

TEST_CASE("a log that is shorter, forked, or not what its hub signed is refused with both sizes") {
  const Log log(300), fork(310, 120);
  const auto shorter = check_continuation(log.checkpoints[300], log.checkpoints[299], log.rows);
  CHECK(refusal(shorter) == "it is shorter");
  CHECK(shorter.error().facts.at(0).value == "300");
  CHECK(shorter.error().facts.at(1).value == "299");
  CHECK(refusal(check_continuation(log.checkpoints[300], fork.checkpoints[300], fork.rows)) == "its root is another");
  CHECK(refusal(check_continuation(log.checkpoints[300], fork.checkpoints[310], fork.rows)) ==
        "the records that both have are not the same");
  CHECK(check_continuation(log.checkpoints[120], fork.checkpoints[310], fork.rows).has_value());
  CHECK(refusal(check_continuation(log.checkpoints[100], log.checkpoints[300], fork.rows)) ==
        "the hub's hashes do not give the root that it signed");
}

}  // namespace hub::evidence
