// What a start says of what was durable and what was not, in plain words for the operator's log. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/journal/durable_end.hpp"
#include "hub/journal/journal.hpp"

namespace hub::runtime {

struct StartReport {
  std::string summary;                // always
  std::vector<std::string> warnings;  // after an end that was none in order
};

// `told`: up to where the hub before had said that it is durable. `in_order`: its last record says that it stopped.
StartReport report_start(const journal::Journal& journal, const std::optional<journal::DurableEnd>& told, bool in_order);

}  // namespace hub::runtime
