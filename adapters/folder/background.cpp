#include "adapters/folder/background.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace hub::folder {

Result<std::unique_ptr<Background>> Background::create() {
  const int descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (descriptor < 0)
    return fail(ErrorCode::io_failed, {{"operation", "create"}, {"path", "eventfd"}, {"reason", std::strerror(errno)}});
  return std::unique_ptr<Background>(new Background(descriptor));
}

Background::Background(int descriptor) : descriptor_(descriptor) {
  for (std::size_t lane = 0; lane < threads_.size(); ++lane) threads_[lane] = std::thread([this, lane] { run(lane); });
}

Background::~Background() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  ::close(descriptor_);
}

void Background::start(Lane lane, Work work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_[static_cast<std::size_t>(lane)].push_back(std::move(work));
  }
  changed_.notify_all();
}

void Background::run(std::size_t lane) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopped_ || !waiting_[lane].empty(); });
    if (stopped_) return;
    const Work work = std::move(waiting_[lane].front());
    waiting_[lane].pop_front();
    lock.unlock();
    Finish finish = work();
    lock.lock();
    finished_.push_back(std::move(finish));
    const std::uint64_t one = 1;
    // Fails only when it is full, and then it is readable.
    [[maybe_unused]] const ssize_t written = ::write(descriptor_, &one, sizeof one);
  }
}

Result<void> Background::finish() {
  std::uint64_t count = 0;
  if (::read(descriptor_, &count, sizeof count) < 0) return {};  // nothing is finished
  std::vector<Finish> finished;
  {
    const std::lock_guard lock(mutex_);
    finished.swap(finished_);
  }
  for (const Finish& finish : finished)
    if (auto done = finish(); !done) return done;
  return {};
}

}  // namespace hub::folder
