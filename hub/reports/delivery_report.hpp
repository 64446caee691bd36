// The report about deliveries: who sent what to whom under which clause in a period, what became of it, how long that
// took, and who read it. Its figures are counted from its own rows, so each can be followed to them; it holds no subject
// and nothing of a body.
//
// As JSON (times are RFC 3339 in UTC, durations seconds):
//   position, time?  what the ledger held
//   from?, until?, and the other filters that were given
//   total {sent, accepted, refused {code: count}, delivered, answered, replays, readings, to_deliver?, to_answer?}
//   lines [the same with agreement, clause, sender, recipient, and records {figure: address of the rows}]
//     to_…: {p50 {seconds, document}, p95 {…}}; document: its position
//   sendings [ledger::Sending], readings [ledger::BodyReading]
//   next?  the report was cut: older documents are not in it; ask again with before=next
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "hub/ledger/answers.hpp"
#include "hub/ledger/sendings.hpp"

namespace hub::reports {

inline constexpr const char* kDeliveriesPath = "/api/v1/reports/deliveries";

struct DeliveryReport {
  ledger::SendingFilter filter;
  ledger::Sendings sendings;
};

// What people call parties, types and agreements, by id, in Vietnamese.
struct ReportNames {
  std::map<std::string, std::string> parties, types, agreements;
};
ReportNames names_of(const ledger::Names& names);
// Of what /api/v1/names answers.
ReportNames names_of(const nlohmann::ordered_json& names);

nlohmann::ordered_json report_json(const DeliveryReport& report);
// A report that was put together from what report_json made, page by page; io_failed.
Result<void> add_page(const nlohmann::ordered_json& page, ledger::Sendings& out);

// One row a sending, and one row a line: columns are named in README.md.
std::string sendings_csv(const DeliveryReport& report);
std::string lines_csv(const DeliveryReport& report);

// One file for printing on A4, without script; Vietnamese first. Times are Vietnam's.
std::string report_html(const DeliveryReport& report, const ReportNames& names);

}  // namespace hub::reports
