// What the engine counts and times while it works, for /metrics. Nothing here is a fact: no record, no decision and no
// answer follows from it, and it begins anew with each start.
//
// Owned by the engine's thread; plain numbers, no locks. Who wants to see them gets a copy (Figures).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "hub/base/result.hpp"
#include "hub/base/ring.hpp"
#include "hub/ports/clock.hpp"

namespace hub::runtime {

// Upper bounds of the buckets; above the last there is one more.
inline constexpr std::array kSecondsBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                              0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};
inline constexpr std::array kRecordsBounds = {1.0,   2.0,   5.0,   10.0,   25.0,   50.0,
                                              100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0};

template <const auto& kBounds>
struct Histogram {
  std::array<std::uint64_t, kBounds.size() + 1> counts{};  // each bucket's own, not cumulated
  double sum = 0;

  void observe(double value) {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && value > kBounds[bucket]) ++bucket;
    ++counts[bucket];
    sum += value;
  }
  std::uint64_t count() const {
    std::uint64_t all = 0;
    for (const std::uint64_t n : counts) all += n;
    return all;
  }
};

struct Durations : Histogram<kSecondsBounds> {
  void observe(ports::SteadyNanos from, ports::SteadyNanos to) {
    Histogram::observe(static_cast<double>(to.value - from.value) * 1e-9);
  }
};

// Counts by outcome ("accepted" or an error code) and agreement. The number of series is bounded, since each is a line
// of every scrape: once there are so many, a new one counts as that outcome of the agreement kOtherAgreement.
class OutcomeCounts {
 public:
  static constexpr std::size_t kSeriesMax = 2048;
  static constexpr std::string_view kOtherAgreement = "other";

  void add(std::string_view outcome, std::string_view agreement, std::uint64_t count = 1);
  // By (outcome, agreement), in order.
  std::map<std::pair<std::string, std::string>, std::uint64_t> sorted() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>{}(key); }
  };
  std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>> counts_;  // by outcome, NUL, agreement
};

using CodeCounts = std::map<ErrorCode, std::uint64_t>;

struct Meters {
  OutcomeCounts documents;            // each once; the agreement of its first accepted recipient, else of its first
  OutcomeCounts recipients;           // each recipient's outcome of each document
  std::uint64_t documents_again = 0;  // accepted before and answered so
  std::uint64_t document_bytes = 0;   // of documents in batches that were read
  std::uint64_t batches = 0;
  CodeCounts batches_refused, frames_refused, dismissed;

  // A batch's way, one observation a batch: received → prepared → decided → durable → answered.
  Durations prepare, decide, durable, answer;
  Durations accepted_in;  // received → answered

  Durations sync;  // one fdatasync, by the thread that called it
  Histogram<kRecordsBounds> group_records;
  std::uint64_t group_bytes = 0;

  std::uint64_t deliveries_sent = 0, deliveries_acknowledged = 0, receipts_sent = 0;
  Durations acknowledged_in;  // a frame of deliveries: sent → all of it acknowledged as stored

  std::uint64_t sessions_opened = 0, heartbeats_sent = 0, heartbeats_heard = 0, strangers_refused = 0, probes = 0;
};

// A batch that is on its way to its answer.
struct BatchTimes {
  ports::SteadyNanos received, decided;
};

// A frame of deliveries that is not yet acknowledged.
struct SentFrame {
  StreamSequence last;
  ports::SteadyNanos at;
};

}  // namespace hub::runtime
