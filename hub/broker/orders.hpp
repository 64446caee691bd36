// An operator's order about one delivery: a statement of the kind "order", signed by one administrator, a replay by two if
// its type is sensitive (signed_statement.hpp), that says beside the basics
//
//   "action": "retry" | "stop" | "replay", "delivery": id, "after": position of the delivery's last record
//
// `after` makes an order good for once: the delivery has another last record when it was carried out.
//
// Threads: free functions.
#pragma once

#include "hub/broker/signed_statement.hpp"
#include "hub/broker/state.hpp"

namespace hub::broker {

constexpr std::size_t kReplaySignaturesMax = 2;

struct Order {
  OrderAction action{};
  std::string delivery;  // id
  Position after;
  StatementBasics basics;
};

struct SignedOrder {
  Order order;
  SignedStatement statement;
};

std::string_view name_of(OrderAction action);
std::optional<OrderAction> order_action(std::string_view name);

std::string sign_order(const Order& order, const crypto::SigningKey& administrator);
// As read_statement.
Result<SignedOrder> read_order(std::string_view text, std::span<const crypto::PublicKey> administrators);

// order_invalid (another journal), delivery_unknown, order_stale, order_not_possible, document_erased. The record of a replay still
// needs row_now.
Result<DeliveryOrdered> decide_order(const State& state, const Bytes<16>& journal_id, const SignedOrder& order);

// approval_needed when a document of this type, accepted as `then` says, is sent again by two administrators only, and one
// ordered it.
std::optional<Error> refuse_unapproved(const registry::Registry& registry, const DocumentDecided& then,
                                       const DeliveryOrdered& replay);

// The outcome row under which a document, accepted as `then` says, may go to that recipient now. The refusals of
// agreements::explain; recipient_unknown; order_not_possible when it was not accepted, or would go to another party
// now.
Result<Buffer> permit_replay(const State& state, const DocumentDecided& then, const wire::DeliveryKey& delivery,
                             ByteView document, UnixMicros now);

}  // namespace hub::broker
