// The folder that notices of alerts are put into: the outbox of a folder adapter, which sends them with the key of the
// party that it belongs to. The hub has no key of any party.
//
// Threads: one.
#pragma once

#include <optional>
#include <string>

#include "hub/alerts/board.hpp"
#include "hub/alerts/notice.hpp"

namespace hub::alerts {

// That wait in the folder for an adapter, as many as may begin at a time; later ones wait with the hub.
constexpr std::size_t kNoticesMax = kActiveMax;

struct NoticeOptions {
  std::string folder;  // it is the adapter's: never made here
  std::string to;      // party
};

class NoticeFolder {
 public:
  explicit NoticeFolder(NoticeOptions options) : options_(std::move(options)) {}

  // Puts the notice of a change into the folder, whole and durable. Why it could not; nothing when it is there.
  //   1. written under a name that adapters pass over, and synced: a crash leaves that file, which the next notice replaces
  //   2. renamed, and the folder synced: a failure in between puts it there again, the same one under the same name
  std::optional<std::string> put(const Change& change) const;

 private:
  Result<std::size_t> waiting() const;
  Result<void> write(const Notice& notice) const;
  NoticeOptions options_;
};

}  // namespace hub::alerts
