// Asks the engine to record something, and waits until that is durable. What was not answered in time may have been
// recorded all the same: whoever sends it again is told.
//
// Owned by the server's thread; `record` runs on the engine's. It outlives the engine's last turn.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "hub/console/http_server.hpp"
#include "hub/runtime/mailbox.hpp"

namespace hub::console {

using Recorded = Result<nlohmann::ordered_json>;  // what is answered when it is durable

class Recording {
 public:
  using Record = std::function<Recorded(runtime::Engine&)>;
  // Gets nothing when there was no answer in time.
  using Done = std::function<void(const std::optional<Recorded>&)>;

  Recording(HttpServer& server, runtime::Mailbox& mailbox, std::chrono::milliseconds patience)
      : server_(server), mailbox_(mailbox), patience_(patience) {}
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  void record(Record record, Done done);
  // Nobody waits any longer.
  void stop();

 private:
  void finish(std::uint64_t number, const std::optional<Recorded>& recorded);

  HttpServer& server_;
  runtime::Mailbox& mailbox_;
  const std::chrono::milliseconds patience_;
  std::map<std::uint64_t, Done> waiting_;
  std::uint64_t made_ = 0;
};

}  // namespace hub::console
