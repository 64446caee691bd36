// Who asks: whose session, whose token, and what they may.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hub/access/permission.hpp"
#include "hub/base/time.hpp"
#include "hub/console/http_message.hpp"

namespace hub::console {

struct Caller {
  access::Permissions permissions;
  std::string user;                  // empty: the hub's own token
  std::vector<std::string> roles;
  std::optional<std::string> party;  // of a viewer, who sees nothing but its documents
  std::string session;               // the cookie's secret; empty: asked with a token
  UnixMicros expires;                // of the session
};

// Nothing: nobody that is known.
using Identify = std::function<Result<std::optional<Caller>>(const Request&)>;

}  // namespace hub::console
