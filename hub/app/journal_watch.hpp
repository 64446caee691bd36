// Waits for a journal of another process to go on: its durable end is written, or such a file appears.
//
// Threads: one.
#pragma once

#include <string>

#include "hub/runtime/posix_disk.hpp"

namespace hub::app {

class JournalWatch {
 public:
  // Of the journal's folder.
  static Result<JournalWatch> open(const std::string& folder);

  int descriptor() const { return inotify_.get(); }  // readable when something has changed
  // Forgets what has changed so far. First this, then read where the journal is: so nothing is missed.
  void take_changes();

 private:
  JournalWatch(runtime::Descriptor inotify, std::string file) : inotify_(std::move(inotify)), file_(std::move(file)) {}
  void watch_file();

  runtime::Descriptor inotify_;
  std::string file_;
};

}  // namespace hub::app
