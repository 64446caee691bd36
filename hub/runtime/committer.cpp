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
    if (auto written = journal_.write(*group); !written) end_process(*group, written.error());
    // Followers see less than there is then; the hub itself needs nothing of it.
    if (auto told = durable_end_.move(group->end); !told)
      spdlog::error("the ledger does not learn what is durable: {}", describe(told.error(), Language::english));
    lock.lock();
    durable_ = std::move(group);
    done_signal_.signal();
  }
}

// What the disk has of the group is unknown now, and a second sync could report a success that is none.
void Committer::end_process(const journal::Group& group, const Error& error) {
  const std::uint64_t first = group.end.value - group.records;
  spdlog::critical(
      "The journal could not be written, so the hub ends here: {} Records before position {} are durable. Of the {} "
      "records from there on nothing is known; no answer, delivery or receipt that rests on them has left the hub. "
      "Cure the disk and start the hub again: the start reads what the disk has kept and says up to where.",
      describe(error, Language::english), first, group.records);
  std::_Exit(1);
}

// Told once, and once when it is over: it is tried again all the time.
void Committer::tell_preparation(const Result<bool>& prepared) {
  if (!prepared && !failing_) {
    spdlog::error("{}", describe(prepared.error(), Language::english));
    spdlog::error("There is no next segment of the journal yet. The current one is used on; when little is left of it, new "
                  "documents are refused for now, and what was accepted is still delivered. The hub tries again by itself.");
  }
  if (prepared && failing_) spdlog::info("the next segment of the journal is there: documents are accepted");
  failing_ = !prepared;
}

void Committer::run_preparation() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_preparation_.wait(lock, [this] { return preparation_wanted_ || stopping_; });
    if (stopping_) return;
    preparation_wanted_ = false;
    lock.unlock();
    tell_preparation(journal_.prepare_segment());
    lock.lock();
  }
}

}  // namespace hub::runtime
