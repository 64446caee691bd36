// How long a start takes, with a snapshot and without, and what a snapshot costs: of a journal with so many records
// that were spread over so many days, the last deliveries of which are not acknowledged. The journal lies in FOLDER,
// which is made and removed; last, how long its offline check takes. Exit 1 when the start from a snapshot or the check
// takes longer than is asked.
//   restart_bench FOLDER [RECORDS [PENDING [DAYS]]]
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "hub/broker/state_codec.hpp"
#include "hub/crypto/keys.hpp"
#include "hub/journal/verify.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "hub/runtime/snapshots.hpp"
#include "hub/runtime/snapshotter.hpp"
#include "tests/bench/journal_writer.hpp"

using namespace bench;

namespace {

constexpr double kSecondsMax = 3;
constexpr double kVerifyRatioMax = 2;

std::uint64_t argument(int argc, char** argv, int i, std::uint64_t otherwise) {
  return argc > i ? std::strtoull(argv[i], nullptr, 10) : otherwise;
}

unsigned long long number(Position position) { return position.value; }

std::uint64_t pending_of(const broker::State& state) {
  std::uint64_t count = 0;
  for (const broker::EndpointState& endpoint : state.endpoints)
    count += endpoint.deliveries.waiting() + endpoint.deliveries.in_flight();
  return count;
}

// Seconds until journal and state are there.
double start(ports::Disk& disk, const char* how) {
  const auto began = std::chrono::steady_clock::now();
  const auto restored = runtime::restore(disk, {}, 1);
  const double seconds = seconds_since(began);
  HUB_CHECK(restored.has_value());
  std::printf("start %s: %.2f s; %llu records, %llu of them before the snapshot, %llu pending deliveries\n", how,
              seconds, number(restored->state.end), number(restored->snapshot),
              static_cast<unsigned long long>(pending_of(restored->state)));
  return seconds;
}

void advance(ports::Disk& disk, Position base, Position until) {
  const auto began = std::chrono::steady_clock::now();
  HUB_CHECK(runtime::advance_snapshot(disk, base, until, false).value());
  std::printf("snapshot at %llu from the one at %llu, beside the hub: %.2f s\n", number(until), number(base),
              seconds_since(began));
}

// How long the offline check of the whole journal takes beside `sha256sum` of its segments, both from memory.
double verify(ports::Disk& disk, const std::string& folder) {
  const std::string command = "sha256sum '" + folder + "'/*.seg > /dev/null";
  HUB_CHECK(std::system(command.c_str()) == 0);
  const auto sum_began = std::chrono::steady_clock::now();
  HUB_CHECK(std::system(command.c_str()) == 0);
  const double sum = seconds_since(sum_began);
  const auto began = std::chrono::steady_clock::now();
  const auto report = journal::verify(disk);
  const double seconds = seconds_since(began);
  HUB_CHECK(report.has_value() && !report->problem);
  std::printf("verify: %.2f s, sha256sum of the same segments %.2f s, ratio %.2f (at most %.0f)\n", seconds, sum,
              seconds / sum, kVerifyRatioMax);
  return seconds / sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "restart_bench FOLDER [RECORDS [PENDING [DAYS]]]\n"), 2;
  crypto::initialise();
  const std::string folder = argv[1];
  const std::uint64_t records = argument(argc, argv, 2, 1'000'000), pending = argument(argc, argv, 3, 100'000),
                      days = argument(argc, argv, 4, 365);
  const std::uint64_t batches = records / (kBatch + 3);  // a batch, its documents, two acknowledgements
  const std::int64_t micros_per_batch =
      static_cast<std::int64_t>(days) * kMicrosPerDay / static_cast<std::int64_t>(batches);
  std::filesystem::create_directories(folder);
  auto disk = runtime::PosixDisk::open(folder).value();
  {
    const auto began = std::chrono::steady_clock::now();
    JournalWriter writer(*disk, micros_per_batch);
    writer.write(batches * kBatch > pending ? batches * kBatch - pending : 0);
    writer.write(pending, /*acknowledged=*/false);
    std::printf("%llu records over %llu days were written in %.0f s; %zu known documents, %zu deliveries in the book\n",
                number(writer.state().end), static_cast<unsigned long long>(days), seconds_since(began),
                writer.state().known.size(), writer.state().book.size());
    start(*disk, "without a snapshot");
    const Position end = writer.state().end;
    const Position before(end.value > runtime::kSnapshotRecords ? end.value - runtime::kSnapshotRecords
                                                                : end.value / 2);
    advance(*disk, Position(0), before);
    start(*disk, "with as much to replay as there may be");
    advance(*disk, before, end);
    const auto encoding = std::chrono::steady_clock::now();
    const Buffer bytes = broker::encode_state(writer.state());
    std::printf("the state is %.1f MB, encoded in %.0f ms\n", static_cast<double>(bytes.size()) / 1e6,
                seconds_since(encoding) * 1000);
  }
  const double seconds = start(*disk, "with a snapshot at its end");
  const double ratio = verify(*disk, folder);
  std::filesystem::remove_all(folder);
  return seconds <= kSecondsMax && ratio <= kVerifyRatioMax ? 0 : 1;
}
