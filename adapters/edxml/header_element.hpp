// Header elements by name, for mapping files: "Subject", "Code/CodeNumber", "From/OrganName", "ToPlaces/Place" …
// Dates come as ISO 8601; of a list, its items joined by "; ". Persons have no element here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/edxml/message.hpp"

namespace hub::edxml {

bool is_header_element(std::string_view name);
// Empty when the message has none. `name` must be an element's.
std::string header_element(const Message& message, std::string_view name);

}  // namespace hub::edxml
