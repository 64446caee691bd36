// What a seed makes of a run: printed, so that a failure says what it ran under.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulation/scheduler.hpp"

namespace hub::simulation {

struct Options {
  std::uint64_t seed = 0;
  std::uint32_t parties = 3, documents = 20;       // documents: of each party
  std::int64_t delay_micros_max = 2'000;           // of a frame
  std::int64_t commit_micros_max = 500;
  std::uint32_t hub_crashes = 2, adapter_crashes = 2, connection_losses = 3;
  std::int64_t faults_micros = 3'000'000;          // the safety phase: faults happen until then
  std::uint64_t window_items = 8, window_bytes = 64 << 10;
  std::uint32_t batch_max = 8;
  std::uint32_t many_recipients_one_in = 4, forbidden_one_in = 6, urgent_one_in = 3, timed_one_in = 12,
                same_conversation_one_in = 2, odd_report_one_in = 4;
  std::uint32_t orders = 4;                        // of an operator, about any delivery
  std::uint32_t snapshots = 3;                     // taken beside the hub, at any moment

  static Options of(std::uint64_t seed) {
    Chance chance(seed * 7919 + 1);
    Options o;
    o.seed = seed;
    o.parties = static_cast<std::uint32_t>(chance.between(2, 5));
    o.documents = static_cast<std::uint32_t>(chance.between(5, 40));
    o.delay_micros_max = chance.between(100, 50'000);
    o.commit_micros_max = chance.between(50, 20'000);
    o.hub_crashes = static_cast<std::uint32_t>(chance.below(5));
    o.adapter_crashes = static_cast<std::uint32_t>(chance.below(5));
    o.connection_losses = static_cast<std::uint32_t>(chance.below(8));
    o.window_items = static_cast<std::uint64_t>(chance.between(1, 24));
    o.window_bytes = static_cast<std::uint64_t>(chance.between(200, 20'000));
    o.batch_max = static_cast<std::uint32_t>(chance.between(1, 16));
    o.orders = static_cast<std::uint32_t>(chance.below(8));
    o.snapshots = static_cast<std::uint32_t>(chance.below(8));
    return o;
  }
  std::string describe() const {
    const auto n = [](auto v) { return std::to_string(v); };
    return "seed " + n(seed) + ": " + n(parties) + " parties, " + n(documents) + " documents each, batches to " +
           n(batch_max) + ", window " + n(window_items) + "/" + n(window_bytes) + " B, delay to " +
           n(delay_micros_max) + " us, commit to " + n(commit_micros_max) + " us, crashes " + n(hub_crashes) +
           " hub / " + n(adapter_crashes) + " adapters, " + n(connection_losses) + " connections lost, " + n(orders) + " orders, " + n(snapshots) + " snapshots";
  }
};

}  // namespace hub::simulation
