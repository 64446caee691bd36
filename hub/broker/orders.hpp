// An operator's order about one delivery: a statement that an administrator's key has signed, so that whoever carries
// it needs no right of its own.
//
//   {"administrator": key id in hex, "signature": base64, "statement":
//      {"statement": "order", "action": "retry" | "stop" | "replay", "delivery": id, "reason": text,
//       "journal": id in hex, "after": position of the delivery's last record, "time": RFC 3339, UTC}}
//
// The signature is over "coordination-hub order v1\n" and the statement in canonical form. `after` makes an order good
// for once: the delivery has another last record when it was carried out.
//
// Threads: free functions.
#pragma once

#include "hub/broker/state.hpp"

namespace hub::broker {

constexpr std::size_t kOrderBytesMax = 8 << 10;

struct Order {
  OrderAction action{};
  std::string delivery;  // id
  std::string reason;    // of kReasonBytesMax
  Bytes<16> journal{};
  Position after;
  UnixMicros time;
};

struct SignedOrder {
  Order order;
  std::string statement;  // canonical
  crypto::KeyId administrator{};
  crypto::Signature signature{};
};

std::string_view name_of(OrderAction action);
std::optional<OrderAction> order_action(std::string_view name);

std::string sign_order(const Order& order, const crypto::SigningKey& administrator);
// order_invalid, administrator_unknown, secrecy_mark.
Result<SignedOrder> read_order(std::string_view text, std::span<const crypto::PublicKey> administrators);

// order_invalid (another journal), delivery_unknown, order_stale, order_not_possible. The record of a replay still
// needs row_now.
Result<DeliveryOrdered> decide_order(const State& state, const Bytes<16>& journal_id, const SignedOrder& order);

// The outcome row under which a document, accepted as `then` says, may go to that recipient now. The refusals of
// agreements::explain; recipient_unknown; order_not_possible when it was not accepted, or would go to another party
// now.
Result<Buffer> permit_replay(const State& state, const DocumentDecided& then, const wire::DeliveryKey& delivery,
                             ByteView document, UnixMicros now);

}  // namespace hub::broker
