// The ledger's answers for people: tables in 80 columns and timelines, times in Vietnam. Made from the JSON, which is the
// same whether the ledger was asked here or over HTTP.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace hub::app {

std::string documents_text(const nlohmann::ordered_json& page);     // {"documents": […], "next"?}
std::string deliveries_text(const nlohmann::ordered_json& page);    // {"deliveries": […], "next"?}
std::string causes_text(const nlohmann::ordered_json& causes);      // {"causes": […]}
std::string trace_text(const nlohmann::ordered_json& trace);
std::string status_text(const nlohmann::ordered_json& status);

}  // namespace hub::app
