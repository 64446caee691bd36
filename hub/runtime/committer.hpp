// Two threads beside the engine's: one writes and syncs a group while the next one fills, one prefills the next
// segment file before it is needed. A failed write or sync ends the process: what is on the disk is then unknown, and
// the restart reads it.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "hub/journal/durable_end.hpp"
#include "hub/journal/journal.hpp"
#include "hub/runtime/wakeup.hpp"

namespace hub::runtime {

class Committer {
 public:
  Committer(journal::Journal& journal, journal::DurableEndFile durable_end);
  ~Committer();

  // From the engine's thread. One group at a time.
  bool idle() const { return !busy_; }
  void commit(std::unique_ptr<journal::Group> group);
  // The group that became durable, if one did since the last call.
  std::unique_ptr<journal::Group> take_durable();
  // Readable when a group has become durable.
  int descriptor() const { return done_signal_.descriptor(); }
  void prepare_segment();  // if the journal wants one

 private:
  void run_commits();
  [[noreturn]] static void end_process(const journal::Group& group, const Error& error);
  void tell_preparation(const Result<bool>& prepared);
  void run_preparation();

  journal::Journal& journal_;
  journal::DurableEndFile durable_end_;  // the commit thread's
  bool busy_ = false;  // the engine's view
  Wakeup done_signal_;
  std::mutex mutex_;
  std::condition_variable wake_commit_, wake_preparation_;
  std::unique_ptr<journal::Group> to_write_, durable_;
  bool preparation_wanted_ = false, stopping_ = false;
  bool failing_ = false;  // the preparation, as its thread has told
  std::thread commit_thread_, preparation_thread_;
};

}  // namespace hub::runtime
