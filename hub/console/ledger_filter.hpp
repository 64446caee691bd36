// What questions to the ledger share: a filter from a request's parameters, and how the API tells of a refusal.
#pragma once

#include "hub/console/http_message.hpp"
#include "hub/console/query.hpp"
#include "hub/ledger/filter_text.hpp"
#include "hub/ledger/report_texts.hpp"

namespace hub::console {

// parameter_invalid (parameter, reason).
template <class Filter>
Result<Filter> read_filter(const Parameters& parameters) {
  Filter filter;
  for (const auto& [name, text] : parameters)
    if (const auto wrong = ledger::set(filter, name, text))
      return fail(ErrorCode::parameter_invalid, {{"parameter", name}, {"reason", *wrong}});
  return filter;
}

inline Response refused(const Error& error) {
  switch (error.code) {
    case ErrorCode::not_found: return error_response(404, error);
    case ErrorCode::usage:
    case ErrorCode::parameter_invalid: return error_response(400, error);
    case ErrorCode::ledger_missing:
    case ErrorCode::ledger_unreachable: return error_response(503, error);
    default: return error_response(500, error);
  }
}

}  // namespace hub::console
