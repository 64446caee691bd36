// The commands of `log` that have a file of their own.
#pragma once

#include "hub/app/commands.hpp"

namespace hub::app {

void add_log_consistency(CLI::App& log, Invocation& invocation);
void add_log_reconcile(CLI::App& log, Invocation& invocation);

}  // namespace hub::app
