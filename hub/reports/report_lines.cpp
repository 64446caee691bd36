#include "hub/reports/report_lines.hpp"

#include <algorithm>
#include <tuple>

namespace hub::reports {
namespace {

// A line while its sendings are counted.
struct CountedLine {
  ReportLine line;
  std::vector<Percentile> to_deliver, to_answer;

  void add(const ledger::Sending& s) {
    ++line.sent;
    if (s.accepted()) {
      ++line.accepted;
    } else {
      ++line.refused[s.outcome];
    }
    line.delivered += s.delivered ? 1u : 0u;
    line.answered += s.answered ? 1u : 0u;
    line.replays += s.replays.size();
    line.readings.insert(s.readings.begin(), s.readings.end());
    if (const auto micros = s.micros_to_deliver()) to_deliver.push_back({*micros, s.position});
    if (const auto micros = s.micros_to_answer()) to_answer.push_back({*micros, s.position});
  }
  ReportLine finish() {
    line.to_deliver = durations_of(to_deliver);
    line.to_answer = durations_of(to_answer);
    return std::move(line);
  }
};

Percentile at_rank(const std::vector<Percentile>& sorted, std::size_t percent) {
  return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

}  // namespace

std::optional<Durations> durations_of(std::vector<Percentile>& times) {
  if (times.empty()) return std::nullopt;
  std::sort(times.begin(), times.end(), [](const Percentile& a, const Percentile& b) {
    return std::tie(a.micros, a.document) < std::tie(b.micros, b.document);
  });
  return Durations{at_rank(times, 50), at_rank(times, 95)};
}

std::vector<ReportLine> lines_of(const std::vector<ledger::Sending>& sendings) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, CountedLine> counted;
  for (const ledger::Sending& s : sendings) {
    CountedLine& one = counted[{s.agreement, s.clause, s.sender, s.recipient}];
    one.line.agreement = s.agreement;
    one.line.clause = s.clause;
    one.line.sender = s.sender;
    one.line.recipient = s.recipient;
    one.add(s);
  }
  std::vector<ReportLine> out;
  for (auto& [key, one] : counted) out.push_back(one.finish());
  return out;
}

ReportLine total_of(const std::vector<ledger::Sending>& sendings) {
  CountedLine all;
  for (const ledger::Sending& s : sendings) all.add(s);
  return all.finish();
}

}  // namespace hub::reports
