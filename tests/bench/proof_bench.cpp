// What a proof costs in a tree of 10 million records, its stored hashes in memory. Exit 1 when a median is above what
// is asked.
//   proof_bench [PROOFS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "hub/base/check.hpp"
#include "hub/crypto/tree_proof.hpp"

using namespace hub;

namespace {

constexpr std::uint64_t kRecords = 10'000'000;
constexpr double kMicrosecondsMax = 1000;

// Any bytes: a proof costs the same whether or not the rows fit each other.
class MadeUpHashes : public crypto::TreeHashes {
 public:
  Result<void> read(unsigned row, std::uint64_t first, std::span<crypto::Digest> out) const override {
    for (crypto::Digest& hash : out) {
      hash.fill(static_cast<std::uint8_t>(row));
      store_le(hash.data(), first++);
    }
    return {};
  }
};

// Prints the cost and says whether it is low enough.
template <class Prove>
bool measure(const char* what, int proofs, Prove prove) {
  std::mt19937_64 dice(1);
  std::uniform_int_distribution<std::uint64_t> any(1, kRecords - 1);
  std::vector<double> micros;
  for (int i = 0; i < proofs; ++i) {
    const std::uint64_t place = any(dice);
    const auto start = std::chrono::steady_clock::now();
    const auto proof = prove(place);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    HUB_CHECK(proof && !proof->empty());
    micros.push_back(took.count());
  }
  std::sort(micros.begin(), micros.end());
  const double median = micros[micros.size() / 2];
  std::printf("%-18s %7.0f us (%.0f to %.0f), at most %.0f\n", what, median, micros.front(), micros.back(),
              kMicrosecondsMax);
  return median <= kMicrosecondsMax;
}

}  // namespace

int main(int argc, char** argv) {
  const int proofs = argc > 1 ? std::max(1, std::atoi(argv[1])) : 2000;
  const MadeUpHashes hashes;
  bool low = measure("inclusion proof", proofs,
                     [&](std::uint64_t index) { return crypto::inclusion_proof(hashes, index, kRecords); });
  low &= measure("consistency proof", proofs,
                 [&](std::uint64_t size) { return crypto::consistency_proof(hashes, size, kRecords); });
  return low ? 0 : 1;
}
