// Names of files that begin at a position of the journal, or stand for one: "journal-00000000000000000042.seg".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hub/base/strong.hpp"

namespace hub::journal {

struct FileNames {
  std::string_view prefix, suffix;

  std::string of(Position position) const;
  // Nothing for a name that of() doesn't give.
  std::optional<Position> position_in(const std::string& name) const;
};

// An index with the second name stands for a segment that was taken away to an archive.
constexpr FileNames kSegmentNames{"journal-", ".seg"}, kIndexNames{"journal-", ".idx"},
    kAwayNames{"journal-", ".away"}, kSnapshotNames{"snapshot-", ".snap"};

}  // namespace hub::journal
