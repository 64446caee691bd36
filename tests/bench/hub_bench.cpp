// The hub's figures alone: throughput and latency at 1 KiB, one producer to one consumer, over the public SDK.
//   hub_bench --url tcp://… --deployment DIR [--seconds S]
#include <CLI/CLI.hpp>

#include "tests/bench/flow.hpp"

namespace bench {
namespace {

constexpr std::int64_t kLatencyRate = 2'000;  // a second

}  // namespace
}  // namespace bench

int main(int argc, char** argv) try {
  hub::crypto::initialise();
  CLI::App app{"Throughput and latency of a running hub"};
  std::string url, deployment;
  double seconds = 2;
  app.add_option("--url", url, "The hub's address")->required();
  app.add_option("--deployment", deployment, "The folder with the keys of the benchmark's parties")->required();
  app.add_option("--seconds", seconds, "Of each measurement");
  CLI11_PARSE(app, argc, argv);
  const bench::Keys keys(deployment);
  std::map<std::string, hub::sdk::Progress> progress;
  bench::measure(keys, url, 0, seconds / 4, progress);  // nothing is measured cold
  for (int repeat = 1; repeat <= 3; ++repeat) {
    const auto full = bench::measure(keys, url, 0, seconds, progress);
    const auto paced = bench::measure(keys, url, bench::kLatencyRate, seconds, progress);
    std::printf("%d: 1 KiB %.0f documents/s end to end; at %lld/s p50 %lld us, p99 %lld us to the consumer\n", repeat,
                full.rate, static_cast<long long>(bench::kLatencyRate), static_cast<long long>(paced.p50_micros),
                static_cast<long long>(paced.p99_micros));
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
