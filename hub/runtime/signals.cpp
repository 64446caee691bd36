#include "hub/runtime/signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "hub/base/check.hpp"

namespace hub::runtime {

Signals::Signals(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  descriptor_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  HUB_CHECK(descriptor_ >= 0);
}

Signals::~Signals() { ::close(descriptor_); }

int Signals::take() {
  signalfd_siginfo info;
  return ::read(descriptor_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

}  // namespace hub::runtime
