// How long a document is kept. As decide.hpp: nothing here changes anything.
#pragma once

#include "hub/broker/state.hpp"

namespace hub::broker {

// Of an accepted document, in months: for each recipient that it goes to, what the agreement that permits it says, else
// the type, else registry::kRetentionMonthsDefault; the longest of these.
std::uint32_t retention_months(const Configuration& configuration, const DocumentDecided& document);

}  // namespace hub::broker
