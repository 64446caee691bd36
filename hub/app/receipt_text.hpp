// What the check of a receipt found, step by step: in both languages for people, as JSON for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "hub/evidence/verify.hpp"

namespace hub::app {

// Each step that holds, Vietnamese above English; without the failure.
std::string verdict_text(const evidence::Verdict& verdict);
// {ok, steps: [{step, …facts}], error?}.
nlohmann::ordered_json verdict_json(const evidence::Verdict& verdict);

}  // namespace hub::app
