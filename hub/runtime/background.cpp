#include "hub/runtime/background.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hub::runtime {
namespace {

constexpr int kNice = 10;
constexpr int kIoprioWhoProcess = 1, kIoprioBestEffortLast = 2 << 13 | 7;  // linux/ioprio.h

}  // namespace

void yield_to_documents() {
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNice);
  (void)::syscall(SYS_ioprio_set, kIoprioWhoProcess, 0, kIoprioBestEffortLast);
}

}  // namespace hub::runtime
