// What the API answers of reports and of the audit, from the ledger's file. On any thread (ledger_reader.hpp).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "hub/console/http_message.hpp"
#include "hub/console/ledger_answers.hpp"
#include "hub/console/query.hpp"

namespace hub::console {

// The filters of the report, format (json, csv, html) and, of csv, table (sendings, lines).
std::span<const std::string_view> delivery_report_parameters();
// Party and period, format, and, of csv, table (unneeded, unused).
std::span<const std::string_view> overreach_report_parameters();

// 400 parameter-invalid, 404 not-found, 503 ledger-missing. A CSV file that was cut says so in a Link header
// (rel="next", RFC 8288), as there is no other place in it.
Response delivery_report_response(const std::string& ledger, const Parameters& parameters);
// Of the party that a viewer is of, whatever the parameters say.
Response overreach_response(const std::string& ledger, const Parameters& parameters, const SeenBy& seen_by);
Response audit_response(const std::string& ledger, const Parameters& parameters);

}  // namespace hub::console
