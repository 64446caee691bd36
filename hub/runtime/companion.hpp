// What runs beside the engine in threads of its own and asks it by the mailbox. It is started before the first
// connection is accepted, and ends after the engine's last turn with requests.
#pragma once

#include <functional>
#include <memory>

#include "hub/base/result.hpp"

namespace hub::runtime {

class Mailbox;
class PublishedUsers;

class Companion {
 public:
  virtual ~Companion() = default;
  // SIGHUP: files that it goes by may have changed. From the engine's thread, which it must not keep waiting.
  virtual void reload() {}
};

using StartCompanion =
    std::function<Result<std::unique_ptr<Companion>>(Mailbox&, std::shared_ptr<const PublishedUsers>)>;

}  // namespace hub::runtime
