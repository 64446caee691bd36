// Deliveries whose records were taken away to an archive.
#include <catch2/catch.hpp>

#include "hub/journal/archive.hpp"
#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;
using test::Note;
using wire::Kind;

constexpr std::uint64_t kDocuments = 500;  // of 5 KB: several segments, and more than is kept in memory
constexpr UnixMicros kLater(1'900'000'000'000'000);

struct ArchiveBench : EngineBench {
  ArchiveBench() : EngineBench(test::journal_options(256 << 10, 512 << 10)) {
    open(0);
    for (std::uint64_t n = 1; n <= kDocuments; ++n) {
      submit(0, {test::write(Note{.number = n, .text = std::string(4900, 'x'), .time = clock.time})}, n);
      commit();
      if (journal->wants_segment()) HUB_CHECK(journal->prepare_segment().has_value());
    }
    network.sent.clear();
  }
  test::FakeDisk archive;
};

}  // namespace

TEST_CASE("a delivery that was taken away to an archive ends its recipient's connection, and arrives when it is back") {
  ArchiveBench bench;
  REQUIRE(journal::copy_segments(bench.disk, bench.archive)->size() > 1);
  const auto taken = journal::take_away(bench.disk, bench.archive, bench.journal->durable_end(), kLater);
  REQUIRE(taken);
  REQUIRE(taken->size() > 1);
  bench.hello(1);
  bench.commit();
  CHECK(bench.goodbye(1) == ErrorCode::segment_archived);
  CHECK(bench.payload(1, Kind::deliveries).empty());
  REQUIRE(journal::fetch_segments(bench.disk, bench.archive, Position(0), bench.journal->durable_end()));
  bench.hello(1);
  bench.commit();
  CHECK(wire::read_deliveries(bench.payload(1, Kind::deliveries)).has_value());
}

}  // namespace hub::runtime
