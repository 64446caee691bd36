// What the commands about agreements share.
#pragma once

#include "hub/app/commands.hpp"
#include "hub/app/configuration_source.hpp"

namespace hub::app {

void add_agreement_matrix(CLI::App& agreement, Invocation& invocation);
void add_agreement_explain(CLI::App& agreement, Invocation& invocation);
void add_agreement_what_if(CLI::App& agreement, Invocation& invocation);

// Of --at: a local date (its noon), an RFC 3339 time, or now when it is empty. usage.
Result<UnixMicros> time_or_now(const std::string& text);

}  // namespace hub::app
