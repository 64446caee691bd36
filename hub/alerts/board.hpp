// From what is so at each look to what is told: a state that holds for its time begins once, and ends once when it has
// been gone for a while, so that what flickers is no flood.
//
// Threads: one.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hub/alerts/alert.hpp"

namespace hub::alerts {

constexpr std::size_t kActiveMax = 1'000;  // told at a time; what is over it waits for room
constexpr std::size_t kChangesMax = 200;   // remembered, the newest

struct AlertTimes {
  std::chrono::seconds hub_silent{15};        // three looks: a hub that stops writes a snapshot first
  std::chrono::seconds endpoint_silent{300};  // so long without a connection
  std::chrono::seconds ledger_behind{60};
  std::chrono::seconds gone{20};  // so long not so, until it is over
};

class Board {
 public:
  explicit Board(const AlertTimes& times) : times_(times) {}

  // What began and ended by what is so now. Time never goes back.
  std::vector<Change> look(const std::vector<Condition>& now, UnixMicros time);

  std::vector<Alert> active() const;  // the newest first
  const std::deque<Change>& changes() const { return changes_; }  // the newest first

 private:
  struct Entry {
    Condition condition;
    UnixMicros first_seen, last_seen;
    std::optional<UnixMicros> told;
  };
  std::chrono::seconds holds_for(AlertKind kind) const;

  const AlertTimes times_;
  std::map<std::pair<AlertKind, std::string>, Entry> entries_;
  std::size_t told_ = 0;
  std::deque<Change> changes_;
};

}  // namespace hub::alerts
