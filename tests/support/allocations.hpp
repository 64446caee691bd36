// Counts allocations: an executable that allocations.cpp is linked into has the global operator new replaced.
//
// Threads: any; the count is of all threads together.
#pragma once

#include <cstddef>

namespace hub::test {

// Since the start of the program.
std::size_t allocations();

}  // namespace hub::test
