// journal inspect: what the segments hold, or one record with each of its checks. Offline, changing nothing.
#pragma once

#include <optional>
#include <string>

#include "hub/app/output.hpp"

namespace hub::app {

struct InspectOptions {
  std::string folder;                     // of the journal
  std::optional<std::uint64_t> position;  // of one record, or
  std::string segment;                    // the file, and
  std::optional<std::uint64_t> offset;    // the place in it
};

int inspect_journal(const InspectOptions& options, const Output& output);

}  // namespace hub::app
