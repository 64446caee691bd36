// Preloaded into a hub: every SHORT_WRITE_EVERYth pwrite writes half of its bytes and says so, as a kernel may.
#include <dlfcn.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

extern "C" ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
  static const auto real = reinterpret_cast<decltype(&pwrite)>(::dlsym(RTLD_NEXT, "pwrite"));
  static const char* const every = std::getenv("SHORT_WRITE_EVERY");
  static std::atomic<unsigned> calls = 0;
  if (every != nullptr && count > 1 && ++calls % static_cast<unsigned>(std::atoi(every)) == 0) count /= 2;
  return real(file, bytes, count, offset);
}
