// Looks again and again at what the hub's figures and the ledger say, on a thread of its own, and tells what began and
// what ended: to the console by `tell`, to others by the ways that it was given.
//
// Threads: look(), the constructor and the destructor are one thread's; `tell` runs on the watch's own.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "hub/alerts/board.hpp"
#include "hub/alerts/conditions.hpp"
#include "hub/alerts/handover.hpp"
#include "hub/ledger/queries.hpp"

namespace hub::alerts {

constexpr std::size_t kDocumentsRead = 100'000;  // of the ledger in one look, and of what was before the first

// What is so, for whoever wants to see it: never changed once it is told.
struct Told {
  std::vector<Alert> active;
  std::deque<Change> changes;
};

class Watch {
 public:
  using Tell = std::function<void(std::shared_ptr<const Told>)>;
  using FiguresCopy = std::shared_ptr<const runtime::Figures>;

  Watch(std::string ledger, std::vector<Handover> ways, const AlertTimes& times, Tell tell);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // The newest figures, nullptr when the engine does not answer; `now`: the hub's time. What is still being looked at
  // is not waited for.
  void look(FiguresCopy figures, UnixMicros now);

 private:
  struct Look {
    FiguresCopy figures;
    UnixMicros now;
  };
  void serve();
  void take(const Look& look);
  void read_ledger(const Look& look);
  Result<LedgerSeen> ask_ledger(const Look& look);
  Result<void> follow_documents(ledger::Queries& queries, Position end);

  const std::string ledger_;
  const Tell tell_;
  std::vector<Handover> ways_;
  Board board_;
  Rhythm rhythm_;
  std::optional<LedgerSeen> seen_;
  std::optional<Position> followed_;  // documents before it are in the rhythm

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Look> next_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace hub::alerts
