// Who may use the HTTP interface: roles, and the first user.
#include "hub/broker/roles.hpp"
#include "hub/runtime/engine.hpp"

namespace hub::runtime {

Result<Position> Engine::on_first_user(const std::string& name) {
  const auto first = broker::decide_first_user(state(), name);
  if (!first) return tl::unexpected(first.error());
  return record_role(*first);
}

// Published when it is durable, and before the answer, which waits behind this in the same order.
Position Engine::record_role(const broker::RoleChanged& change) {
  const Position position = recorder_.record(change).position;
  when_durable([users = users_, now = state().users] { users->publish(now); });
  return position;
}

}  // namespace hub::runtime
