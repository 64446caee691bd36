// Answers about reports and the audit for people; times are Vietnam's.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace hub::app {

std::string delivery_report_text(const nlohmann::ordered_json& report);  // its lines; the rows are in the other formats
std::string overreach_text(const nlohmann::ordered_json& overreach);
std::string audit_text(const nlohmann::ordered_json& page);

}  // namespace hub::app
