#include "adapters/folder/watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hub::folder {

Result<Watch> Watch::create() {
  const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0)
    return fail(ErrorCode::io_failed, {{"operation", "watch"}, {"path", "inotify"}, {"reason", std::strerror(errno)}});
  return Watch(descriptor);
}

Watch::~Watch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> Watch::add(const std::string& folder) {
  const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
  if (watch < 0)
    return fail(ErrorCode::io_failed, {{"operation", "watch"}, {"path", folder}, {"reason", std::strerror(errno)}});
  folders_.push_back(watch);
  return {};
}

std::vector<bool> Watch::take_changes() {
  std::vector<bool> changed(folders_.size(), false);
  alignas(inotify_event) char events[16 * 1024];
  for (;;) {
    const ssize_t size = ::read(descriptor_, events, sizeof events);
    if (size <= 0) return changed;
    for (ssize_t at = 0; at < size;) {
      inotify_event event;
      std::memcpy(&event, events + at, sizeof event);
      at += static_cast<ssize_t>(sizeof event + event.len);
      for (std::size_t i = 0; i < folders_.size(); ++i)
        if (event.wd == folders_[i] || (event.mask & IN_Q_OVERFLOW) != 0) changed[i] = true;
    }
  }
}

}  // namespace hub::folder
