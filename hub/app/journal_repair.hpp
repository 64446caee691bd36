// journal repair: a repaired journal in a new folder, and what was given up. The damaged one stays as it is.
#pragma once

#include <string>
#include <vector>

#include "hub/app/output.hpp"

namespace hub::app {

struct RepairOptions {
  std::string folder;             // of the damaged journal
  std::string out;                // the new folder
  std::vector<std::string> from;  // folders with copies of segments
  bool cut = false;               // end before what can't be had
};

int repair_journal(const RepairOptions& options, const Output& output);

}  // namespace hub::app
