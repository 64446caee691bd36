// Pausing an endpoint's deliveries, and resuming them: a statement of the kind "endpoint", signed by one administrator
// (signed_statement.hpp), that says beside the basics
//
//   "action": "pause" | "resume", "endpoint": id, "after": position of the last record of such an order about this endpoint; 0: none
//
// A paused endpoint stays connected, sends, and gets receipts. What is on its way arrives; what waits goes on waiting.
//
// Threads: free functions.
#pragma once

#include "hub/broker/signed_statement.hpp"
#include "hub/broker/state.hpp"

namespace hub::broker {

constexpr std::string_view kEndpointOrderKind = "endpoint";

struct EndpointOrder {
  EndpointAction action{};
  std::string endpoint;  // id
  Position after;
  StatementBasics basics;
};

std::string_view name_of(EndpointAction action);

std::string sign_endpoint_order(const EndpointOrder& order, const crypto::SigningKey& administrator);

// The refusals of read_statement; order_invalid (another journal, an endpoint that is not registered),
// endpoint_order_stale, endpoint_pause_unchanged.
Result<EndpointOrdered> decide_endpoint_order(const State& state, const Bytes<16>& journal_id, std::string_view text);

}  // namespace hub::broker
