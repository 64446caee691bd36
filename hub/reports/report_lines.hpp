// What is counted of sendings: one line for each agreement, clause, sender and recipient, and one over all.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hub/ledger/sendings.hpp"

namespace hub::reports {

// A percentile by nearest rank: the smallest of the times that at least so many percent of them don't exceed. So it is
// the time of one document, which is named.
struct Percentile {
  std::int64_t micros = 0;
  Position document;
};

struct Durations {
  Percentile p50, p95;
};

// Nothing when there are no times. They are put in order.
std::optional<Durations> durations_of(std::vector<Percentile>& times);

struct ReportLine {
  std::string agreement, clause, sender, recipient;  // as in Sending; all empty of the line over all
  std::uint64_t sent = 0, accepted = 0;
  std::map<std::string, std::uint64_t> refused;  // by code
  std::uint64_t delivered = 0, answered = 0;
  std::uint64_t replays = 0;
  std::set<Position> readings;  // a document to several recipients is read once
  std::optional<Durations> to_deliver, to_answer;

  std::uint64_t refused_in_all() const { return sent - accepted; }
};

// In the order of agreement, clause, sender, recipient.
std::vector<ReportLine> lines_of(const std::vector<ledger::Sending>& sendings);
ReportLine total_of(const std::vector<ledger::Sending>& sendings);

}  // namespace hub::reports
