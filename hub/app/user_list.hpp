// The users as the journal has them, read without a running hub.
#pragma once

#include <string>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"
#include "hub/broker/users.hpp"

namespace hub::app {

struct UserList {
  Bytes<16> journal{};
  broker::Users users;
};

// Of a hub's data folder; what is durable. What opening and reading a journal refuses.
Result<UserList> read_users(const std::string& data);

}  // namespace hub::app
