// Addresses of the hub's HTTP interface, with what they ask for.
#pragma once

#include <string>
#include <string_view>

#include "hub/ledger/filter_text.hpp"

namespace hub::reports {

// As a segment of a path or a value of a query (RFC 3986, section 2.1).
std::string percent_encoded(std::string_view text);
// "path?name=text&…"; the path alone when there are no parameters.
std::string address_of(const std::string& path, const ledger::NamedTexts& parameters);

}  // namespace hub::reports
