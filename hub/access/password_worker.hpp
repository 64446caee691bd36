// Hashes passwords one after the other on a thread of its own: the memory that they take is that of one, and nobody who
// tries many keeps another request waiting.
//
// Threads: one calls; `done` runs on the worker's own.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "hub/access/worker.hpp"
#include "hub/base/result.hpp"

namespace hub::access {

constexpr std::size_t kPasswordsWaitingMax = 16;  // about two seconds of work

class PasswordWorker {
 public:
  // False when so many wait already: nothing was taken.
  [[nodiscard]] bool hash(std::string password, std::function<void(Result<std::string>)> done);
  // Without a hash it takes as long, and is false: nobody learns by the time whether there is such a user.
  [[nodiscard]] bool check(std::optional<std::string> hash, std::string password, std::function<void(bool)> done);

 private:
  std::string nobodys_hash_;  // the worker's alone
  Worker worker_{kPasswordsWaitingMax};  // the last: its thread ends before what it uses
};

}  // namespace hub::access
