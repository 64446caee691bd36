// Files that are written once, under another name first, so that what has its own name is whole; and read as a whole.
// Threads: free functions.
#pragma once

#include <vector>

#include "hub/ports/disk.hpp"

namespace hub::journal {

// Written in slices with a sync each, so that no commit waits behind a long one. storage_full: there is no space, and
// nothing is left of it.
Result<void> write_whole(ports::Disk& disk, const std::string& unfinished, const std::string& name,
                         const std::vector<ByteView>& parts);
Result<Buffer> read_whole(ports::Disk& disk, const std::string& name);

}  // namespace hub::journal
