#include "hub/runtime/meters.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/runtime/engine_bench.hpp"

namespace hub::runtime {
namespace {

using test::EngineBench;
using test::write;

constexpr std::int64_t kMillis = 1000;

}  // namespace

TEST_CASE("an observation falls into the first bucket whose bound is not below it") {
  Histogram<kRecordsBounds> histogram;
  for (const double value : {0.0, 1.0, 1.5, 2.0, 5000.0, 5000.5}) histogram.observe(value);
  CHECK(histogram.counts[0] == 2);
  CHECK(histogram.counts[1] == 2);
  CHECK(histogram.counts[kRecordsBounds.size() - 1] == 1);
  CHECK(histogram.counts[kRecordsBounds.size()] == 1);
  CHECK(histogram.count() == 6);
  CHECK(histogram.sum == 10'005.0);
}

TEST_CASE("at most so many series of outcomes are kept, and what comes after counts as another agreement's") {
  OutcomeCounts counts;
  for (std::size_t i = 0; i < OutcomeCounts::kSeriesMax; ++i) counts.add("accepted", "a/" + std::to_string(i));
  CHECK(counts.sorted().size() == OutcomeCounts::kSeriesMax);
  counts.add("accepted", "one/more");
  counts.add("accepted", "two/more");
  counts.add("accepted", "a/0");
  const auto sorted = counts.sorted();
  CHECK(sorted.size() == OutcomeCounts::kSeriesMax + 1);
  CHECK(sorted.at({"accepted", "other"}) == 2);
  CHECK(sorted.at({"accepted", "a/0"}) == 2);
}

TEST_CASE("a document moves the figures: outcome and agreement, stages, group, queue and delivery") {
  EngineBench bench;
  bench.open(0);
  bench.open(1);
  const Figures before = bench.engine->figures();
  bench.submit(0, {write({})});
  bench.clock.time = UnixMicros(bench.clock.time.value + 4 * kMillis);
  bench.commit();
  Figures after = bench.engine->figures();
  CHECK(after.meters.batches == 1);
  std::uint64_t documents = 0;
  for (const auto& [key, count] : after.meters.documents.sorted()) {
    CHECK(key.first == "accepted");
    CHECK_FALSE(key.second.empty());
    documents += count;
  }
  CHECK(documents == 1);
  for (const Durations* stage : {&after.meters.prepare, &after.meters.decide, &after.meters.durable,
                                 &after.meters.answer, &after.meters.accepted_in})
    CHECK(stage->count() == 1);
  CHECK(after.meters.durable.sum == Approx(0.004));
  CHECK(after.meters.accepted_in.sum == Approx(0.004));
  CHECK(after.meters.group_records.count() == before.meters.group_records.count() + 1);
  CHECK(after.durable_end == after.end);
  const auto queue = [&](const Figures& figures) {
    return *std::find_if(figures.endpoints.begin(), figures.endpoints.end(), [&](const EndpointFigures& endpoint) {
      return endpoint.endpoint == bench.scenery.parties[1].endpoint;
    });
  };
  CHECK(queue(after).in_flight == 1);
  CHECK(queue(after).oldest.has_value());
  bench.clock.time = UnixMicros(bench.clock.time.value + 6 * kMillis);
  bench.acknowledge(1, 1);
  bench.commit();
  after = bench.engine->figures();
  CHECK(queue(after).in_flight == 0);
  CHECK_FALSE(queue(after).oldest.has_value());
  CHECK(after.meters.deliveries_acknowledged == 1);
  CHECK(after.meters.acknowledged_in.sum == Approx(0.006));
}

TEST_CASE("a frame that found no room waits, for the figures, from when it came") {
  EngineBench bench;
  bench.open(0);
  std::uint64_t number = 1;
  const auto submit = [&] {
    return bench.submit(0, {write({.number = number, .text = std::string(4900, 'x')})}, number);
  };
  while (submit()) ++number;
  const double before = bench.engine->figures().meters.prepare.sum;
  bench.clock.time = UnixMicros(bench.clock.time.value + 250 * kMillis);
  bench.commit();
  REQUIRE(submit());
  CHECK(bench.engine->figures().meters.prepare.sum - before == Approx(0.25));
}

TEST_CASE("a probe is a record of its own") {
  EngineBench bench;
  const Position end = bench.journal->end();
  CHECK(bench.engine->record_probe().value() == end);
  CHECK(bench.engine->figures().meters.probes == 1);
}

}  // namespace hub::runtime
