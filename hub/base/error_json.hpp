// An error as JSON: what `hubctl --json` prints and the HTTP API answers.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hub/base/result.hpp"

namespace hub {

// {code, retryable, facts, vi: {title, reason, action}, en: {…}}. Facts may quote bytes that are no UTF-8: dump it with
// error_handler_t::replace.
nlohmann::ordered_json to_json(const Error& error);

}  // namespace hub
