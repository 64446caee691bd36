// What the API answers from the ledger: documents, deliveries, how far it is. Each opens it anew, so that a ledger that was
// rebuilt meanwhile is seen, and a database that was away. On any thread (ledger_reader.hpp).
#pragma once

#include <optional>
#include <string>

#include "hub/console/exposition.hpp"
#include "hub/console/http_message.hpp"
#include "hub/console/query.hpp"

namespace hub::console {

// A viewer's party: nothing but what it sent or got is in the answer. Nothing: whoever asks may see all.
using SeenBy = std::optional<std::string>;

// 400 parameter-invalid, 404 not-found, 503 ledger-missing or ledger-unreachable.
Response documents_response(const std::string& ledger, const Parameters& parameters, const SeenBy& seen_by);
Response document_response(const std::string& ledger, const std::string& what, const SeenBy& seen_by);
Response deliveries_response(const std::string& ledger, const Parameters& parameters, const SeenBy& seen_by);
Response flows_response(const std::string& ledger, const Parameters& parameters);
Response names_response(const std::string& ledger);
Response agreement_response(const std::string& ledger, const std::string& agreement, const Parameters& parameters);

// {"live": the engine's figures, "ledger": what `hubctl status` prints}; the latter is left out without a ledger that answers.
Response status_response(const std::string& ledger, const runtime::Figures& figures, const ProcessFigures& process);
// Without the ledger, which may be slow.
Response live_status_response(const runtime::Figures& figures, const ProcessFigures& process);

// Nothing when there is no ledger.
std::optional<LedgerFigures> ledger_figures(const std::string& ledger, const runtime::Figures& figures);

}  // namespace hub::console
