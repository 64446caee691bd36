#include "hub/broker/orders.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/agreements/explanation.hpp"
#include "hub/base/check.hpp"

namespace hub::broker {
namespace {

constexpr std::string_view kOrderStatement = "order";
constexpr std::pair<OrderAction, std::string_view> kOrderActions[] = {
    {OrderAction::retry, "retry"}, {OrderAction::stop, "stop"}, {OrderAction::replay, "replay"}};

tl::unexpected<Error> not_possible(OrderAction action, const std::string& delivery, std::string status) {
  return fail(ErrorCode::order_not_possible,
              {{"action", std::string(name_of(action))}, {"delivery", delivery}, {"status", std::move(status)}});
}

// What an order says beside the basics.
SignatureCount read_order_fields(registry::ObjectReader& in, Order& out) {
  const auto action = order_action(in.text("action"));
  if (!action) in.refuse("action", "must be retry, stop or replay");
  out.action = action.value_or(OrderAction::stop);
  out.delivery = in.text("delivery");
  const std::int64_t after = in.integer("after");
  if (after < 0) in.refuse("after", "a position was expected");
  out.after = Position(static_cast<std::uint64_t>(after));
  return {1, out.action == OrderAction::replay ? kReplaySignaturesMax : 1};
}

}  // namespace

std::string_view name_of(OrderAction action) {
  for (const auto& [known, name] : kOrderActions)
    if (known == action) return name;
  return {};
}

std::optional<OrderAction> order_action(std::string_view name) {
  for (const auto& [action, known] : kOrderActions)
    if (known == name) return action;
  return std::nullopt;
}

std::string sign_order(const Order& order, const crypto::SigningKey& administrator) {
  return sign_statement(
      kOrderStatement, order.basics,
      {{"action", name_of(order.action)}, {"delivery", order.delivery}, {"after", order.after.value}}, administrator);
}

Result<SignedOrder> read_order(std::string_view text, std::span<const crypto::PublicKey> administrators) {
  SignedOrder out;
  auto statement = read_statement(kOrderStatement, text, administrators, [&](registry::ObjectReader& in) {
    return read_order_fields(in, out.order);
  });
  if (!statement) return tl::unexpected(statement.error());
  out.order.basics = statement->basics;
  out.statement = std::move(*statement);
  return out;
}

Result<DeliveryOrdered> decide_order(const State& state, const Bytes<16>& journal_id, const SignedOrder& given) {
  const Order& order = given.order;
  if (order.basics.journal != journal_id) return invalid_order("it is about another journal");
  const auto id = wire::parse_delivery_id(order.delivery);
  const DeliveryEntry* entry = nullptr;
  if (id && wire::delivery_id(journal_id, id->key) == order.delivery)
    entry = state.book.find(id->key.origin(), id->key.outcome_index);
  if (entry == nullptr || entry->document != id->key.document)
    return fail(ErrorCode::delivery_unknown, {{"delivery", order.delivery}});
  if (entry->last_record != order.after)
    return fail(ErrorCode::order_stale, {{"delivery", order.delivery},
                                         {"actual", std::to_string(entry->last_record.value)},
                                         {"limit", std::to_string(order.after.value)}});
  if (order.action != OrderAction::stop && state.storage_keys.is_destroyed(entry->body_key))
    return fail(ErrorCode::document_erased, {{"position", std::to_string(entry->document.value)}});
  const DeliveryState& now = entry->state;
  const bool possible = order.action == OrderAction::retry  ? can_retry(now)
                        : order.action == OrderAction::stop ? can_stop(now)
                                                            : can_replay(now);
  if (!possible) return not_possible(order.action, order.delivery, std::string(wire::name_of(now.status)));
  const StatementSignature& by = given.statement.signatures.front();
  DeliveryOrdered out{order.action, id->key, by.actor(), order.basics.reason, given.statement.text, by.signature, {}, {}, {}};
  if (given.statement.signatures.size() < kReplaySignaturesMax) return out;
  out.approver = given.statement.signatures[1].actor();
  out.approval = given.statement.signatures[1].signature;
  return out;
}

std::optional<Error> refuse_unapproved(const registry::Registry& registry, const DocumentDecided& then,
                                       const DeliveryOrdered& replay) {
  const auto type = registry.type(then.type);
  HUB_CHECK(type.has_value());  // a type is never taken away
  if (!registry.type_at(*type).sensitive || !replay.approver.empty()) return std::nullopt;
  return Error{ErrorCode::approval_needed, {{"type", std::string(then.type)}}};
}

Result<Buffer> permit_replay(const State& state, const DocumentDecided& then, const wire::DeliveryKey& delivery,
                             ByteView document, UnixMicros now) {
  const registry::Registry& registry = state.configuration.registry;
  const agreements::DecisionTable& table = state.configuration.table;
  const std::string name = std::to_string(delivery.document.value) + "-" + std::to_string(delivery.outcome_index);
  const bool was_accepted =
      delivery.outcome_index < then.outcomes.size() && then.outcomes[delivery.outcome_index].row.accepted();
  if (!was_accepted) return not_possible(OrderAction::replay, name, "refused");
  const Outcome& outcome = then.outcomes[delivery.outcome_index];
  if (!registry.delivery_endpoint(*outcome.actual))
    return fail(ErrorCode::recipient_unknown, {{"recipient", std::string(outcome.row.actual)}});
  const auto type = registry.type(then.type);
  HUB_CHECK(type.has_value());  // a type is never taken away
  Buffer row;
  // It follows from the document that it is about, which was permitted.
  if (registry.type_at(*type).kind == registry::TypeKind::system) {
    wire::write_row(row, outcome.row);
    return row;
  }
  const auto addressed = registry.party(outcome.row.addressed);
  HUB_CHECK(addressed.has_value());
  const auto why = agreements::explain(table, {*type, then.sender, *addressed, now, document});
  if (!why.permission) return tl::unexpected(*why.refusal);
  const std::string& recipient = table.party_id(why.permission->recipient);
  if (recipient != outcome.row.actual) return not_possible(OrderAction::replay, name, "for " + recipient + " now");
  const agreements::Agreement& agreement = table.agreement(why.permission->candidate->agreement);
  wire::write_row(row, {outcome.row.addressed, recipient, wire::kAccepted, agreement.id, agreement.version,
                        table.clause(*why.permission->candidate).id});
  return row;
}

}  // namespace hub::broker
