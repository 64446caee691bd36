// The hub's figures alone: throughput and latency at 1 KiB, one producer to one consumer, over the public SDK. With the
// process of a hub-ledger: what following the journal takes of them.
//   hub_bench --url tcp://… --deployment DIR [--seconds S] [--ledger PID]
#include <signal.h>

#include <CLI/CLI.hpp>

#include "tests/bench/flow.hpp"

namespace bench {
namespace {

constexpr std::int64_t kLatencyRate = 2'000;  // a second
constexpr double kLedgerRatioMin = 0.85;
constexpr std::size_t kLedgerRounds = 15;

using Measure = std::function<double()>;  // documents a second

// In turns, the ledger held still and let go on: it then has what came meanwhile to catch up with, which is its worst. Each
// is held against what was measured before and after it, as the disk of a shared machine is now fast, now slow.
bool beside_ledger(int ledger, const Measure& measure) {
  const auto alone = [&] {
    if (::kill(ledger, SIGSTOP) != 0) throw std::runtime_error("there is no process of the ledger");
    const double rate = measure();
    ::kill(ledger, SIGCONT);
    return rate;
  };
  std::vector<double> ratios;
  double before = alone();
  while (ratios.size() < kLedgerRounds) {
    const double beside = measure(), after = alone();
    ratios.push_back(2 * beside / (before + after));
    before = after;
  }
  std::sort(ratios.begin(), ratios.end());
  const double median = ratios[kLedgerRounds / 2];
  std::printf("acceptance with the ledger on: %.2f (of %zu: %.2f to %.2f) x that without (at least %.2f)\n", median,
              ratios.size(), ratios[kLedgerRounds / 4], ratios[kLedgerRounds * 3 / 4], kLedgerRatioMin);
  return median >= kLedgerRatioMin;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) try {
  hub::crypto::initialise();
  CLI::App app{"Throughput and latency of a running hub"};
  std::string url, deployment;
  double seconds = 2;
  app.add_option("--url", url, "The hub's address")->required();
  app.add_option("--deployment", deployment, "The folder with the keys of the benchmark's parties")->required();
  int ledger = 0;
  app.add_option("--seconds", seconds, "Of each measurement");
  app.add_option("--ledger", ledger, "The process id of the hub's hub-ledger");
  CLI11_PARSE(app, argc, argv);
  const bench::Keys keys(deployment);
  std::map<std::string, hub::sdk::Progress> progress;
  bench::measure(keys, url, 0, seconds / 4, progress);  // nothing is measured cold
  if (ledger != 0)
    return bench::beside_ledger(ledger, [&] { return bench::measure(keys, url, 0, seconds, progress).rate; }) ? 0 : 1;
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
