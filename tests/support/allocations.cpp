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
// Sanitizers bring this one too, and tell memory of theirs that is freed here.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++hub::count;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
