// What a lone record takes until it is durable, beside what the disk takes for the same bytes: the hub adds no delay of its
// own. In turns, on prefilled files in one folder.
//
//   commit_bench FOLDER [ROUNDS]
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "hub/base/check.hpp"
#include "hub/journal/record_codec.hpp"
#include "hub/runtime/committer.hpp"
#include "hub/runtime/posix_disk.hpp"

namespace {

using namespace hub;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBodyBytes = 1024;
constexpr double kRatioMax = 2.0;  // of the medians

double micros_since(Clock::time_point began) {
  return std::chrono::duration<double, std::micro>(Clock::now() - began).count();
}

struct Times {
  std::vector<double> micros;
  double at(double part) {
    std::sort(micros.begin(), micros.end());
    return micros[static_cast<std::size_t>(part * static_cast<double>(micros.size() - 1))];
  }
};

// As the hub's loop does it: taken, handed to the commit thread, waited for.
void commit_one(journal::Journal& journal, runtime::Committer& committer, const Buffer& body) {
  journal::NewRecord record;
  record.body = body;
  journal.append(record);
  committer.commit(journal.take_group());
  pollfd done{committer.descriptor(), POLLIN, 0};
  HUB_CHECK(::poll(&done, 1, -1) == 1);
  journal.finished(committer.take_durable());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 2000;
  std::filesystem::create_directories(argv[1]);
  auto disk = std::move(runtime::PosixDisk::open_locked(argv[1]).value());
  auto journal = std::move(journal::Journal::create(*disk, {1}, {}).value());
  runtime::Committer committer(*journal, std::move(*journal::DurableEndFile::publish(*disk, {{1}, Position(0)})));
  const auto raw = std::move(disk->create_prefilled("raw", 64 << 20).value());
  const Buffer body(kBodyBytes, 7);
  const Buffer bytes(journal::record_bytes(0, kBodyBytes), 7);
  Times of_disk, of_hub;
  for (int i = 0; i < rounds; ++i) {
    auto began = Clock::now();
    HUB_CHECK(raw->write_at(static_cast<std::uint64_t>(i) * bytes.size() % (32 << 20), bytes).has_value());
    HUB_CHECK(raw->sync_data().has_value());
    of_disk.micros.push_back(micros_since(began));
    began = Clock::now();
    commit_one(*journal, committer, body);
    of_hub.micros.push_back(micros_since(began));
  }
  const double ratio = of_hub.at(0.5) / of_disk.at(0.5);
  std::printf("write and fdatasync of %zu bytes: p50 %.0f us, p99 %.0f us; one record through the journal: p50 %.0f us, "
              "p99 %.0f us; ratio of medians %.2f (at most %.1f)\n",
              bytes.size(), of_disk.at(0.5), of_disk.at(0.99), of_hub.at(0.5), of_hub.at(0.99), ratio, kRatioMax);
  std::filesystem::remove_all(argv[1]);
  return ratio <= kRatioMax ? 0 : 1;
}
