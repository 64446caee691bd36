#include "hub/broker/storage_orders.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/registry/limits.hpp"

namespace hub::broker {
namespace {

constexpr std::pair<StorageAction, std::string_view> kStorageActions[] = {
    {StorageAction::erase, "erase"}, {StorageAction::hold, "hold"}, {StorageAction::release, "release"}};

Error about(ErrorCode code, const StorageOrder& order, std::vector<Fact> more = {}) {
  std::vector<Fact> facts = {{"months", std::to_string(order.months)}, {"month", format_month(order.month)}};
  facts.insert(facts.end(), more.begin(), more.end());
  return {code, std::move(facts)};
}

// What an order says beside the basics, and how many signatures that needs.
SignatureCount read_storage_order_fields(registry::ObjectReader& in, StorageOrder& out) {
  const std::string name = in.text("action");
  const auto action = std::find_if(std::begin(kStorageActions), std::end(kStorageActions),
                                   [&](const auto& a) { return a.second == name; });
  if (action == std::end(kStorageActions)) {
    in.refuse("action", "must be erase, hold or release");
  } else {
    out.action = action->first;
  }
  const std::int64_t months = in.integer("months");
  if (months < 1 || months > registry::kRetentionMonthsMax)
    in.refuse("months", "must be from 1 to " + std::to_string(registry::kRetentionMonthsMax));
  out.months = static_cast<std::uint32_t>(months);
  const auto month = parse_month(in.text("month"));
  if (!month) in.refuse("month", "a month as 2024-03 was expected");
  out.month = month.value_or(Month());
  const std::int64_t after = in.integer("after");
  if (after < 0) in.refuse("after", "a position was expected");
  out.after = Position(static_cast<std::uint64_t>(after));
  return signatures_needed(out.action);
}

// What is on its way to endpoints that are connected: it was sent, and may have to be sent again.
std::size_t under_way(const State& state, std::uint32_t key) {
  std::size_t count = 0;
  for (const EndpointState& endpoint : state.endpoints) {
    if (endpoint.session.value == 0) continue;
    const DeliveryQueue& queue = endpoint.deliveries;
    for (auto s = queue.acknowledged().next(); s <= queue.dispatched(); s = s.next())
      if (queue.at(s).body_key == key) ++count;
  }
  return count;
}

StorageOrderProof proof_of(const SignedStorageOrder& given) {
  StorageOrderProof out;
  for (const StatementSignature& one : given.statement.signatures) {
    out.administrators.push_back(one.actor());
    out.signatures.push_back(one.signature);
  }
  out.reason = given.order.basics.reason;
  out.statement = given.statement.text;
  return out;
}

std::optional<Error> refuse_erasure(const State& state, const StorageOrder& order, const StorageKey& key,
                                    UnixMicros now) {
  if (key.held) return about(ErrorCode::legal_hold, order);
  if (now < retention_end(key))
    return about(ErrorCode::retention_not_over, order, {{"limit", format_date(local_date(retention_end(key)))}});
  if (const std::size_t count = under_way(state, key.id); count > 0)
    return about(ErrorCode::storage_key_in_use, order, {{"deliveries", std::to_string(count)}});
  return std::nullopt;
}

}  // namespace

std::string_view name_of(StorageAction action) {
  for (const auto& [known, name] : kStorageActions)
    if (known == action) return name;
  return {};
}

std::string sign_storage_order(const StorageOrder& order, const crypto::SigningKey& administrator) {
  return sign_statement(kStorageOrderKind, order.basics,
                        {{"action", name_of(order.action)},
                         {"months", order.months},
                         {"month", format_month(order.month)},
                         {"after", order.after.value}},
                        administrator);
}

Result<SignedStorageOrder> read_storage_order(std::string_view text,
                                              std::span<const crypto::PublicKey> administrators) {
  SignedStorageOrder out;
  auto statement = read_statement(kStorageOrderKind, text, administrators, [&](registry::ObjectReader& in) {
    return read_storage_order_fields(in, out.order);
  });
  if (!statement) return tl::unexpected(statement.error());
  out.order.basics = statement->basics;
  out.statement = std::move(*statement);
  return out;
}

Result<Record> decide_storage_order(const State& state, const Bytes<16>& journal_id, const SignedStorageOrder& given,
                                    UnixMicros now) {
  const StorageOrder& order = given.order;
  if (order.basics.journal != journal_id) return invalid_order("it is about another journal");
  const StorageKey* key = state.storage_keys.find(order.months, order.month);
  if (key == nullptr) return tl::unexpected(about(ErrorCode::storage_key_unknown, order));
  if (key->destroyed) return tl::unexpected(about(ErrorCode::storage_key_destroyed, order));
  if (key->last_record != order.after)
    return tl::unexpected(
        about(ErrorCode::storage_order_stale, order,
              {{"actual", std::to_string(key->last_record.value)}, {"limit", std::to_string(order.after.value)}}));
  if (order.action != StorageAction::erase) {
    const bool held = order.action == StorageAction::hold;
    if (key->held == held) return tl::unexpected(about(ErrorCode::legal_hold_unchanged, order));
    return LegalHoldChanged{key->id, key->months, key->month, proof_of(given), held};
  }
  if (auto refusal = refuse_erasure(state, order, *key, now)) return tl::unexpected(std::move(*refusal));
  return StorageKeyDestroyed{key->id, key->months, key->month, proof_of(given)};
}

std::vector<DeliveryFailed> decide_erased_deliveries(const State& state, std::size_t count_max) {
  std::vector<DeliveryFailed> out;
  for (const DeliveryEntry& entry : state.book.entries()) {
    if (out.size() == count_max) break;
    const bool waits = entry.state.status == DeliveryStatus::pending && !entry.state.retrying;
    if (!waits || !state.storage_keys.is_destroyed(entry.body_key)) continue;
    out.push_back({entry.recipient, entry.key(), code_text(ErrorCode::document_erased), "",
                   std::uint32_t{entry.attempts} + 1, std::nullopt});
  }
  return out;
}

}  // namespace hub::broker
