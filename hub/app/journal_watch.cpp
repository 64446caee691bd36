#include "hub/app/journal_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "hub/journal/durable_end.hpp"

namespace hub::app {

Result<JournalWatch> JournalWatch::open(const std::string& folder) {
  runtime::Descriptor inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  // Names alone: segments are written all the time.
  if (!inotify.good() ||
      ::inotify_add_watch(inotify.get(), folder.c_str(), IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) < 0)
    return fail(ErrorCode::io_failed, {{"operation", "watch"},
                                       {"path", folder},
                                       {"reason", std::generic_category().message(errno)}});
  JournalWatch watch(std::move(inotify), folder + "/" + journal::kDurableEndName);
  watch.watch_file();
  return watch;
}

void JournalWatch::take_changes() {
  alignas(inotify_event) char events[4096];
  while (::read(inotify_.get(), events, sizeof events) > 0) continue;
  watch_file();
}

// The file that has the name now, if there is one; for a file that is watched already this does nothing.
void JournalWatch::watch_file() { (void)::inotify_add_watch(inotify_.get(), file_.c_str(), IN_MODIFY); }

}  // namespace hub::app
