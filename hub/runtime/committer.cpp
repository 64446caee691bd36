#include "hub/runtime/committer.hpp"

#include <spdlog/spdlog.h>

#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"

namespace hub::runtime {

Committer::Committer(journal::Journal& journal, journal::DurableEndFile durable_end)
    : journal_(journal),
      durable_end_(std::move(durable_end)),
      commit_thread_([this] { run_commits(); }),
      preparation_thread_([this] { run_preparation(); }) {}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_commit_.notify_one();
  wake_preparation_.notify_one();
  commit_thread_.join();
  preparation_thread_.join();
}

void Committer::commit(std::unique_ptr<journal::Group> group) {
  HUB_CHECK(!busy_);
  busy_ = true;
  {
    const std::lock_guard lock(mutex_);
    to_write_ = std::move(group);
  }
  wake_commit_.notify_one();
}

std::unique_ptr<journal::Group> Committer::take_durable() {
  if (!busy_) return nullptr;
  std::unique_ptr<journal::Group> group;
  {
    const std::lock_guard lock(mutex_);
    group = std::move(durable_);
  }
  if (group) {
    busy_ = false;
    done_signal_.clear();
  }
  return group;
}

void Committer::prepare_segment() {
  {
    const std::lock_guard lock(mutex_);
    preparation_wanted_ = true;
  }
  wake_preparation_.notify_one();
}

void Committer::run_commits() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_commit_.wait(lock, [this] { return to_write_ != nullptr || stopping_; });
    if (to_write_ == nullptr) return;
    auto group = std::move(to_write_);
    lock.unlock();
    if (auto written = journal_.write(*group); !written) {
      spdlog::critical("the journal could not be written; the hub stops: {}",
                       describe(written.error(), Language::english));
      std::_Exit(1);
    }
    // Followers see less than there is then; the hub itself needs nothing of it.
    if (auto told = durable_end_.move(group->end); !told)
      spdlog::error("the ledger does not learn what is durable: {}", describe(told.error(), Language::english));
    lock.lock();
    durable_ = std::move(group);
    done_signal_.signal();
  }
}

void Committer::run_preparation() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_preparation_.wait(lock, [this] { return preparation_wanted_ || stopping_; });
    if (stopping_) return;
    preparation_wanted_ = false;
    lock.unlock();
    if (auto prepared = journal_.prepare_segment(); !prepared)
      spdlog::error("the next journal segment is not there yet: {}", describe(prepared.error(), Language::english));
    lock.lock();
  }
}

}  // namespace hub::runtime
