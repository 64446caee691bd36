#include "hub/broker/endpoint_orders.hpp"

#include <nlohmann/json.hpp>

namespace hub::broker {
namespace {

SignatureCount read_endpoint_fields(registry::ObjectReader& in, EndpointOrder& out) {
  const std::string action = in.text("action");
  if (action != "pause" && action != "resume") in.refuse("action", "must be pause or resume");
  out.action = action == "pause" ? EndpointAction::pause : EndpointAction::resume;
  out.endpoint = in.text("endpoint");
  const std::int64_t after = in.integer("after");
  if (after < 0) in.refuse("after", "a position was expected");
  out.after = Position(static_cast<std::uint64_t>(after));
  return {};
}

}  // namespace

std::string_view name_of(EndpointAction action) { return action == EndpointAction::pause ? "pause" : "resume"; }

std::string sign_endpoint_order(const EndpointOrder& order, const crypto::SigningKey& administrator) {
  return sign_statement(
      kEndpointOrderKind, order.basics,
      {{"action", name_of(order.action)}, {"endpoint", order.endpoint}, {"after", order.after.value}}, administrator);
}

Result<EndpointOrdered> decide_endpoint_order(const State& state, const Bytes<16>& journal_id, std::string_view text) {
  EndpointOrder order;
  const auto statement =
      read_statement(kEndpointOrderKind, text, state.created.administrators,
                     [&](registry::ObjectReader& in) { return read_endpoint_fields(in, order); });
  if (!statement) return tl::unexpected(statement.error());
  if (statement->basics.journal != journal_id) return invalid_order("it is about another journal");
  const auto endpoint = state.configuration.registry.endpoint(order.endpoint);
  if (!endpoint) return invalid_order("the endpoint " + order.endpoint + " is not registered");
  const EndpointState& now = state.endpoints.at(endpoint->value);
  if (order.after != now.last_order)
    return fail(ErrorCode::endpoint_order_stale, {{"endpoint", order.endpoint},
                                                  {"actual", std::to_string(now.last_order.value)},
                                                  {"limit", std::to_string(order.after.value)}});
  if (now.deliveries.is_paused() == (order.action == EndpointAction::pause))
    return fail(ErrorCode::endpoint_pause_unchanged, {{"endpoint", order.endpoint}});
  const StatementSignature& by = statement->signatures.front();
  return EndpointOrdered{order.action,    *endpoint,    by.actor(), statement->basics.reason,
                         statement->text, by.signature};
}

}  // namespace hub::broker
