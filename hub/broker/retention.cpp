#include "hub/broker/retention.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/registry/limits.hpp"

namespace hub::broker {

std::uint32_t retention_months(const Configuration& configuration, const DocumentDecided& document) {
  const auto type = configuration.registry.type(document.type);
  HUB_CHECK(type.has_value());  // it was accepted
  const std::uint32_t of_type =
      configuration.registry.type_at(*type).retention_months.value_or(registry::kRetentionMonthsDefault);
  std::uint32_t longest = 0;
  for (const Outcome& outcome : document.outcomes) {
    if (!outcome.actual) continue;
    const auto agreement = configuration.table.find(outcome.row.agreement);
    const auto stated = agreement ? configuration.table.agreement(*agreement).retention_months : std::nullopt;
    longest = std::max(longest, stated.value_or(of_type));
  }
  return longest;
}

}  // namespace hub::broker
