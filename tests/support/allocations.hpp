// How often this executable has allocated through operator new, for tests that say "no allocation". Linking
// allocations.cpp replaces the operators of the whole executable. Any thread.
#pragma once

#include <cstddef>

namespace hub {

std::size_t allocations();

}  // namespace hub
