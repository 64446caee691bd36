#include "hub/console/ledger_answers.hpp"

#include <nlohmann/json.hpp>

#include "hub/console/ledger_filter.hpp"
#include "hub/console/status.hpp"
#include "hub/ledger/filter_text.hpp"

namespace hub::console {
Response documents_response(const std::string& path, const Parameters& parameters, const SeenBy& seen_by) {
  auto filter = read_filter<ledger::DocumentFilter>(parameters);
  if (!filter) return refused(filter.error());
  filter->seen_by = seen_by;
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  const auto page = (*queries)->documents(*filter);
  return page ? json_response(ledger::to_json(*page, "documents")) : refused(page.error());
}

Response document_response(const std::string& path, const std::string& what, const SeenBy& seen_by) {
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  const auto trace = (*queries)->trace(what, seen_by);
  return trace ? json_response(ledger::to_json(*trace)) : refused(trace.error());
}

Response deliveries_response(const std::string& path, const Parameters& parameters, const SeenBy& seen_by) {
  Parameters rest = parameters;
  bool by_cause = false;
  if (const auto given = rest.extract("by_cause"); !given.empty()) {
    if (given.mapped() != "true")
      return refused({ErrorCode::parameter_invalid, {{"parameter", "by_cause"}, {"reason", "true, or leave it out"}}});
    by_cause = true;
  }
  auto filter = read_filter<ledger::DeliveryFilter>(rest);
  if (!filter) return refused(filter.error());
  filter->seen_by = seen_by;
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  if (by_cause) {
    const auto causes = (*queries)->deliveries_by_cause(*filter);
    if (!causes) return refused(causes.error());
    nlohmann::ordered_json json = {{"causes", nlohmann::ordered_json::array()}};
    for (const ledger::CauseCount& cause : *causes) json["causes"].push_back(ledger::to_json(cause));
    return json_response(json);
  }
  const auto page = (*queries)->deliveries(*filter);
  return page ? json_response(ledger::to_json(*page, "deliveries")) : refused(page.error());
}

Response flows_response(const std::string& path, const Parameters& parameters) {
  const auto period = read_filter<ledger::Period>(parameters);
  if (!period) return refused(period.error());
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  const auto flows = (*queries)->flows(*period);
  return flows ? json_response(ledger::to_json(*flows)) : refused(flows.error());
}

Response names_response(const std::string& path) {
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  const auto names = (*queries)->names();
  return names ? json_response(ledger::to_json(*names)) : refused(names.error());
}

Response agreement_response(const std::string& path, const std::string& agreement, const Parameters& parameters) {
  const auto period = read_filter<ledger::Period>(parameters);
  if (!period) return refused(period.error());
  const auto queries = ledger::Queries::open(path);
  if (!queries) return refused(queries.error());
  const auto history = (*queries)->agreement(agreement, *period);
  return history ? json_response(ledger::to_json(*history)) : refused(history.error());
}

Response live_status_response(const runtime::Figures& figures, const ProcessFigures& process) {
  return json_response({{"live", status_json(figures, process)}});
}

Response status_response(const std::string& path, const runtime::Figures& figures, const ProcessFigures& process) {
  nlohmann::ordered_json json = {{"live", status_json(figures, process)}};
  const auto queries = ledger::Queries::open(path);
  const auto absent = [](const Error& error) {
    return error.code == ErrorCode::ledger_missing || error.code == ErrorCode::ledger_unreachable;
  };
  if (!queries && absent(queries.error())) return json_response(json);
  if (!queries) return refused(queries.error());
  const auto status = (*queries)->status(figures.durable_end, figures.now);
  if (!status) return refused(status.error());
  json["ledger"] = ledger::to_json(*status);
  return json_response(json);
}

std::optional<LedgerFigures> ledger_figures(const std::string& path, const runtime::Figures& figures) {
  const auto queries = ledger::Queries::open(path);
  if (!queries) return std::nullopt;
  const auto reached = (*queries)->reached();
  if (!reached) return std::nullopt;
  const bool behind = reached->position < figures.durable_end;
  const auto expiries = (*queries)->expiries();
  if (!expiries) return std::nullopt;
  LedgerFigures out{reached->position, 0, 0, *expiries};
  if (behind) out.lag_records = figures.durable_end.value - reached->position.value;
  if (behind && reached->time) out.lag_micros = std::max<std::int64_t>(0, figures.now.value - reached->time->value);
  return out;
}

}  // namespace hub::console
