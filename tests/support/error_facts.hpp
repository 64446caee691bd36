// What an error says, for a test to look at.
#pragma once

#include "hub/base/result.hpp"

namespace hub {

// The fact's value, empty when the error has none of that name.
inline std::string fact_of(const Error& error, std::string_view name) {
  for (const Fact& fact : error.facts)
    if (fact.name == name) return fact.value;
  return {};
}

}  // namespace hub
