// An operator's order about a delivery (hub/broker/orders.hpp), built from what was typed and signed with a key file.
#pragma once

#include <string>

#include "hub/base/result.hpp"
#include "hub/base/time.hpp"
#include "hub/broker/orders.hpp"

namespace hub::app {

struct OrderRequest {
  broker::OrderAction action{};
  std::string delivery;  // id
  std::string reason;
  std::string journal;      // id, 32 hexadecimal digits
  std::uint64_t after = 0;  // position of the delivery's last record, as it was seen
  UnixMicros time;
};

// Canonical JSON, to be carried to the hub by anybody. usage; report_invalid or secrecy_mark of the reason; what
// read_key_file refuses.
Result<std::string> order_statement(const OrderRequest& request, const std::string& administrator_key_file);

}  // namespace hub::app
