// The simulation: the real engine, journal and protocol, driven from a seed through crashes, torn writes and lost
// connections. `--seed N` repeats one run; `--seeds N` runs 1..N. Each seed is printed with what it makes.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "hub/crypto/keys.hpp"
#include "tests/simulation/run.hpp"

namespace {

using hub::simulation::Options;

constexpr std::uint64_t kRepeatEvery = 25;  // so many runs are done twice: the same seed must give the same state

bool play(std::uint64_t seed) {
  const Options options = Options::of(seed);
  const auto outcome = hub::simulation::run(options);
  std::string problem = outcome.problem;
  if (problem.empty() && seed % kRepeatEvery == 0 && hub::simulation::run(options).hash != outcome.hash)
    problem = "the same seed gave another state";
  std::printf("%s -> %llu records, %llu deliveries, %llu crashes, %llu starts from a snapshot%s%s\n", options.describe().c_str(),
              static_cast<unsigned long long>(outcome.records), static_cast<unsigned long long>(outcome.delivered),
              static_cast<unsigned long long>(outcome.crashes), static_cast<unsigned long long>(outcome.from_snapshot),
              problem.empty() ? "" : "  FAILED: ", problem.c_str());
  if (!problem.empty()) std::printf("repeat with: tests/simulation/run --seed %llu\n", static_cast<unsigned long long>(seed));
  return problem.empty();
}

}  // namespace

int main(int argc, char** argv) {
  hub::crypto::initialise();
  CLI::App app{"Simulation of hub and adapters from a seed"};
  std::uint64_t seed = 0, seeds = 1000;
  app.add_option("--seed", seed, "Run this seed alone");
  app.add_option("--seeds", seeds, "Run the seeds 1 to N; 1000 without it");
  CLI11_PARSE(app, argc, argv);
  if (seed != 0) return play(seed) ? 0 : 1;
  std::uint64_t failed = 0;
  for (std::uint64_t s = 1; s <= seeds; ++s) failed += play(s) ? 0u : 1u;
  std::printf("%llu seeds passed, %llu failed\n", static_cast<unsigned long long>(seeds - failed),
              static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}
