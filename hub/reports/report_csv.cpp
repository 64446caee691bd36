// The report about deliveries as comma-separated values. Times are RFC 3339 in UTC, durations seconds.
#include <cstdio>

#include "hub/reports/csv.hpp"
#include "hub/reports/delivery_report.hpp"
#include "hub/reports/report_lines.hpp"

namespace hub::reports {
namespace {

using Cells = std::vector<std::string>;

// Exactly: the clock's microseconds.
std::string seconds_cell(std::int64_t micros) {
  char out[40];
  std::snprintf(out, sizeof out, "%lld.%06lld", static_cast<long long>(micros / kMicrosPerSecond),
                static_cast<long long>(micros % kMicrosPerSecond));
  return out;
}

std::string number_cell(std::uint64_t value) { return std::to_string(value); }

std::string positions_cell(const std::vector<Position>& positions) {
  std::string out;
  for (const Position one : positions) out += (out.empty() ? "" : " ") + std::to_string(one.value);
  return out;
}

void add_step(Cells& cells, const std::optional<ledger::DeliveryStep>& step, const std::optional<std::int64_t>& micros) {
  cells.push_back(step ? number_cell(step->record.value) : "");
  cells.push_back(step ? format_rfc3339(step->time) : "");
  cells.push_back(step ? step->status : "");
  cells.push_back(micros ? seconds_cell(*micros) : "");
}

void add_durations(Cells& cells, const std::optional<Durations>& times) {
  for (const Percentile Durations::*percentile : {&Durations::p50, &Durations::p95}) {
    cells.push_back(times ? seconds_cell(((*times).*percentile).micros) : "");
    cells.push_back(times ? number_cell(((*times).*percentile).document.value) : "");
  }
}

}  // namespace

std::string sendings_csv(const DeliveryReport& report) {
  std::string out(kCsvMark);
  out += csv_row({"position", "time", "document_id", "number", "type", "sender", "addressed", "recipient", "agreement",
                  "version", "clause", "outcome", "state", "delivered_position", "delivered_time", "delivered_status",
                  "seconds_to_deliver", "answered_position", "answered_time", "answered_status", "seconds_to_answer",
                  "replays", "readings"});
  for (const ledger::Sending& s : report.sendings.rows) {
    Cells cells = {number_cell(s.position.value), format_rfc3339(s.time), s.document_id, s.number, s.type, s.sender,
                   s.addressed, s.recipient, s.agreement, s.agreement.empty() ? "" : number_cell(s.version), s.clause,
                   s.outcome, s.state.value_or("")};
    add_step(cells, s.delivered, s.micros_to_deliver());
    add_step(cells, s.answered, s.micros_to_answer());
    cells.push_back(positions_cell(s.replays));
    cells.push_back(positions_cell(s.readings));
    out += csv_row(cells);
  }
  return out;
}

std::string lines_csv(const DeliveryReport& report) {
  std::string out(kCsvMark);
  out += csv_row({"agreement", "clause", "sender", "recipient", "sent", "accepted", "refused", "refused_by_reason",
                  "delivered", "answered", "replays", "readings", "deliver_p50_seconds", "deliver_p50_document",
                  "deliver_p95_seconds", "deliver_p95_document", "answer_p50_seconds", "answer_p50_document",
                  "answer_p95_seconds", "answer_p95_document"});
  for (const ReportLine& line : lines_of(report.sendings.rows)) {
    std::string reasons;
    for (const auto& [code, count] : line.refused)
      reasons += (reasons.empty() ? "" : " ") + code + "=" + number_cell(count);
    Cells cells = {line.agreement, line.clause, line.sender, line.recipient, number_cell(line.sent),
                   number_cell(line.accepted), number_cell(line.refused_in_all()), reasons, number_cell(line.delivered),
                   number_cell(line.answered), number_cell(line.replays), number_cell(line.readings.size())};
    add_durations(cells, line.to_deliver);
    add_durations(cells, line.to_answer);
    out += csv_row(cells);
  }
  return out;
}

}  // namespace hub::reports
