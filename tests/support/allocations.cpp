#include "tests/support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace hub {
namespace {
std::atomic<std::size_t> count{0};
}

std::size_t allocations() { return count; }

}  // namespace hub

void* operator new(std::size_t size) {
  ++hub::count;
  if (void* out = std::malloc(size)) return out;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
