// The report of overreach: what a party is owed to know of a period. Its figures lead to the documents that they count; it
// holds no subject and nothing of a body.
//
// As JSON (times are RFC 3339 in UTC):
//   position, time?        what the ledger held
//   party, from?, until?   as it was asked for
//   permissions, unused [{agreement, version, clause, type, sender, recipient}]
//   counted_from?          there were more outcomes than may be looked at (ledger::Overreach)
//   unneeded [{agreement, clause, sender, recipient, field, documents, records: address of them}]
//   readings, replays      pages of acts, as the audit has them
//
// The other forms are made from the JSON, so that they are the same of a ledger at hand and of a running hub.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "hub/ledger/overreach.hpp"
#include "hub/reports/delivery_report.hpp"

namespace hub::reports {

inline constexpr const char* kOverreachPath = "/api/v1/reports/overreach";

nlohmann::ordered_json overreach_json(const ledger::OverreachQuestion& question, const ledger::Overreach& overreach);

// One row a field, and one row a permission that was not used: columns are named in README.md.
std::string unneeded_csv(const nlohmann::ordered_json& report);
std::string unused_csv(const nlohmann::ordered_json& report);

// One file for printing on A4, without script; Vietnamese first. Times are Vietnam's.
std::string overreach_html(const nlohmann::ordered_json& report, const ReportNames& names);

}  // namespace hub::reports
