// What is posted as a signed statement, about a delivery, a storage key, a role or a body: any text is read or refused, and
// what is read says the same when it is signed again.
#include <cstdlib>

#include "hub/broker/orders.hpp"
#include "hub/broker/roles.hpp"
#include "hub/broker/storage_orders.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hub;
  static const auto key = crypto::SigningKey::from_seed({1});
  static const std::vector administrators = {key.public_key()};
  if (broker::statement_kind(as_text({data, size})) == broker::kStorageOrderKind) {
    const auto order = broker::read_storage_order(as_text({data, size}), administrators);
    if (!order) return 0;
    const auto again = broker::read_storage_order(broker::sign_storage_order(order->order, key), administrators);
    if (!again || again->statement.text != order->statement.text) std::abort();
    return 0;
  }
  if (broker::statement_kind(as_text({data, size})) == broker::kRoleKind) {
    broker::State state(1);
    state.created.administrators = administrators;
    const auto change = broker::decide_role(state, {}, as_text({data, size}));
    if (change && (!broker::is_user_name(change->user) || change->statement.empty())) std::abort();
    return 0;
  }
  const auto order = broker::read_order(as_text({data, size}), administrators);
  if (!order) return 0;
  const auto again = broker::read_order(broker::sign_order(order->order, key), administrators);
  if (!again || again->order.delivery != order->order.delivery || again->order.action != order->order.action)
    std::abort();
  return 0;
}
