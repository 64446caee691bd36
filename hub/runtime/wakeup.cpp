#include "hub/runtime/wakeup.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "hub/base/check.hpp"

namespace hub::runtime {

Wakeup::Wakeup() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { HUB_CHECK(descriptor_ >= 0); }
Wakeup::~Wakeup() { ::close(descriptor_); }

void Wakeup::signal() {
  const std::uint64_t one = 1;
  HUB_CHECK(::write(descriptor_, &one, sizeof one) == sizeof one);
}

void Wakeup::clear() {
  std::uint64_t count;
  while (::read(descriptor_, &count, sizeof count) > 0) continue;
}

}  // namespace hub::runtime
