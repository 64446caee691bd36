#include "hub/broker/orders.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/agreements/explanation.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/json_canonical.hpp"
#include "hub/registry/object_reader.hpp"
#include "hub/registry/reason.hpp"

namespace hub::broker {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kDomain = "coordination-hub order v1\n";
constexpr std::pair<OrderAction, std::string_view> kActions[] = {
    {OrderAction::retry, "retry"}, {OrderAction::stop, "stop"}, {OrderAction::replay, "replay"}};

std::string canonical(const Json& value) {
  auto text = registry::canonical_json(value);
  HUB_CHECK(text.has_value());  // texts, and a position below 2^53
  return std::move(*text);
}

tl::unexpected<Error> invalid(std::string reason) {
  return fail(ErrorCode::order_invalid, {{"reason", std::move(reason)}});
}

tl::unexpected<Error> not_possible(OrderAction action, const std::string& delivery, std::string status) {
  return fail(ErrorCode::order_not_possible,
              {{"action", std::string(name_of(action))}, {"delivery", delivery}, {"status", std::move(status)}});
}

Order read_statement(registry::ObjectReader& in) {
  Order out;
  if (in.text("statement") != "order") in.refuse("statement", "must be order");
  const auto action = order_action(in.text("action"));
  if (!action) in.refuse("action", "must be retry, stop or replay");
  out.action = action.value_or(OrderAction::stop);
  out.delivery = in.text("delivery");
  out.reason = in.text("reason");
  const auto journal = from_hex(in.text("journal"));
  const auto id = journal ? fixed<16>(*journal) : std::nullopt;
  if (!id) in.refuse("journal", "16 bytes in hexadecimal were expected");
  out.journal = id.value_or(Bytes<16>{});
  const std::int64_t after = in.integer("after");
  if (after < 0) in.refuse("after", "a position was expected");
  out.after = Position(static_cast<std::uint64_t>(after));
  const auto time = parse_rfc3339(in.text("time"));
  if (!time) in.refuse("time", "a time as 2024-03-12T01:00:00.000000Z was expected");
  out.time = time.value_or(UnixMicros());
  in.refuse_unknown();
  return out;
}

}  // namespace

std::string_view name_of(OrderAction action) {
  for (const auto& [known, name] : kActions)
    if (known == action) return name;
  return {};
}

std::optional<OrderAction> order_action(std::string_view name) {
  for (const auto& [action, known] : kActions)
    if (known == name) return action;
  return std::nullopt;
}

std::string sign_order(const Order& order, const crypto::SigningKey& administrator) {
  const Json statement = {{"statement", "order"},
                          {"action", name_of(order.action)},
                          {"delivery", order.delivery},
                          {"reason", order.reason},
                          {"journal", to_hex(order.journal)},
                          {"after", order.after.value},
                          {"time", format_rfc3339(order.time)}};
  const std::string signed_text = std::string(kDomain) + canonical(statement);
  return canonical({{"statement", statement},
                    {"administrator", to_hex(crypto::key_id(administrator.public_key()))},
                    {"signature", to_base64(administrator.sign(as_bytes(signed_text)))}});
}

Result<SignedOrder> read_order(std::string_view text, std::span<const crypto::PublicKey> administrators) {
  if (text.size() > kOrderBytesMax) return invalid("it has more than " + std::to_string(kOrderBytesMax) + " bytes");
  Json value;
  registry::Fault fault;
  if (const auto marks = registry::parse_json_strict(text, "order", value); !marks)
    return invalid(fill("line {line}: {reason}", marks.error().facts));
  registry::ObjectReader in(value, "", fault);
  const std::string administrator = in.text("administrator");
  const auto bytes = from_base64(in.text("signature"));
  const auto signature = bytes ? fixed<64>(*bytes) : std::nullopt;
  if (!signature) in.refuse("signature", "64 bytes in base64 were expected");
  registry::ObjectReader statement = in.object("statement");
  SignedOrder out;
  out.order = read_statement(statement);
  in.refuse_unknown();
  if (fault.found()) return invalid(fault.first().pointer + ": " + fault.first().reason);
  const auto canonical_statement = registry::canonical_json(value["statement"]);
  if (!canonical_statement) return invalid("the statement has no canonical form");
  const auto key = std::find_if(administrators.begin(), administrators.end(),
                                [&](const crypto::PublicKey& k) { return to_hex(crypto::key_id(k)) == administrator; });
  if (key == administrators.end()) return fail(ErrorCode::administrator_unknown, {{"key", administrator}});
  if (!crypto::verify(*key, as_bytes(std::string(kDomain) + *canonical_statement), *signature))
    return invalid("the signature does not fit the statement");
  if (auto refusal = registry::refuse_reason(out.order.reason)) return tl::unexpected(std::move(*refusal));
  out.statement = *canonical_statement;
  out.administrator = crypto::key_id(*key);
  out.signature = *signature;
  return out;
}

Result<DeliveryOrdered> decide_order(const State& state, const Bytes<16>& journal_id, const SignedOrder& given) {
  const Order& order = given.order;
  if (order.journal != journal_id) return invalid("it is about another journal");
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
  const DeliveryState& now = entry->state;
  const bool possible = order.action == OrderAction::retry  ? can_retry(now)
                        : order.action == OrderAction::stop ? can_stop(now)
                                                            : can_replay(now);
  if (!possible) return not_possible(order.action, order.delivery, std::string(wire::name_of(now.status)));
  return DeliveryOrdered{
      order.action,    id->key, "administrator:" + to_hex(given.administrator), order.reason, given.statement,
      given.signature, {}};
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
