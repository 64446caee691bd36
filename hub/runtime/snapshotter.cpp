#include "hub/runtime/snapshotter.hpp"

#include <spdlog/spdlog.h>

#include "hub/base/error_catalogue.hpp"
#include "hub/runtime/background.hpp"
#include "hub/runtime/snapshots.hpp"

namespace hub::runtime {

Snapshotter::Snapshotter(ports::Disk& disk, Position base)
    : disk_(disk), schedule_(base), wanted_(base), base_(base), thread_([this] { run(); }) {}

void Snapshotter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Snapshotter::durable(Position end, std::uint64_t bytes) {
  if (!schedule_.durable(end, bytes)) return;
  {
    const std::lock_guard lock(mutex_);
    wanted_ = end;
  }
  wake_.notify_one();
}

void Snapshotter::run() {
  yield_to_documents();
  std::unique_lock lock(mutex_);
  Position tried = base_;  // after a failure it is tried again when the next one is due
  for (;;) {
    wake_.wait(lock, [&] { return stopping_ || wanted_ != tried; });
    if (stopping_) return;
    const Position until = tried = wanted_;
    lock.unlock();
    const auto taken = advance_snapshot(disk_, base_, until, stopping_);
    if (!taken) {
      spdlog::error("no snapshot at {}, so that a start has more to read: {}", until.value,
                    describe(taken.error(), Language::english));
    } else if (*taken) {
      base_ = until;
      spdlog::info("snapshot at {}", until.value);
    }
    lock.lock();
  }
}

}  // namespace hub::runtime
