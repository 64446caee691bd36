// Sessions, streams, configuration and time.
#include <algorithm>

#include "hub/agreements/configuration.hpp"
#include "hub/broker/decide.hpp"
#include "hub/registry/credentials.hpp"

namespace hub::broker {
namespace {

bool is_registered(const Configuration& configuration, const registry::Item& item) {
  const auto known = configuration.items.find({item.kind, item.id});
  return known != configuration.items.end() && known->second == item.canonical;
}

std::uint64_t clamp_items(std::uint64_t items) { return std::min(items, wire::kStreamWindowItemsMax); }
std::uint64_t clamp_bytes(std::uint64_t bytes) { return std::min(bytes, wire::kStreamWindowBytesMax); }

}  // namespace

Result<EndpointConnected> decide_connect(const State& state, const Bytes<16>& journal_id, EndpointIndex endpoint,
                                         const wire::Hello& hello) {
  const registry::Endpoint& enrolled = state.configuration.registry.endpoint_at(endpoint);
  if (hello.endpoint != enrolled.id)
    return fail(ErrorCode::endpoint_mismatch, {{"actual", hello.endpoint}, {"endpoint", enrolled.id}});
  if (hello.version_min > wire::kVersion || hello.version_max < wire::kVersion)
    return fail(ErrorCode::version_unsupported,
                {{"actual", std::to_string(hello.version_min) + "-" + std::to_string(hello.version_max)},
                 {"limit", std::to_string(wire::kVersion)}});
  if (hello.connection != wire::Connection::main) return fail(ErrorCode::bulk_reserved);
  if (hello.journal_id && *hello.journal_id != journal_id)
    return fail(ErrorCode::journal_mismatch, {{"actual", to_hex(*hello.journal_id)}, {"expected", to_hex(journal_id)}});
  const EndpointState& known = state.endpoints.at(endpoint.value);
  const struct {
    const char* what;
    std::uint64_t theirs, ours;
  } claims[] = {{"position", hello.position_seen.value, state.end.value},
                {"deliveries", hello.deliveries_stored.value, known.deliveries.dispatched().value},
                {"receipts", hello.receipts_stored.value, known.receipts.last().value}};
  for (const auto& claim : claims)
    if (claim.theirs > claim.ours)
      return fail(
          ErrorCode::journal_behind,
          {{"what", claim.what}, {"actual", std::to_string(claim.theirs)}, {"limit", std::to_string(claim.ours)}});
  return EndpointConnected{endpoint,
                           state.last_session.next(),
                           hello.deliveries_stored,
                           hello.receipts_stored,
                           clamp_items(hello.deliveries_window_items),
                           clamp_bytes(hello.deliveries_window_bytes),
                           hello.software,
                           finished_by(state, endpoint, hello.deliveries_stored)};
}

std::vector<wire::DeliveryKey> finished_by(const State& state, EndpointIndex endpoint, StreamSequence stored) {
  std::vector<wire::DeliveryKey> out;
  const DeliveryQueue& queue = state.endpoints.at(endpoint.value).deliveries;
  const StreamSequence last = std::min(stored, queue.dispatched());
  for (StreamSequence s = queue.acknowledged().next(); s <= last; s = s.next()) {
    const PendingDelivery& delivery = queue.at(s);
    if (delivery.has_attachments) continue;  // that it is there with them, its endpoint reports
    if (const DeliveryEntry* entry = state.book.find(delivery.key().origin(), delivery.outcome_index)) {
      DeliveryState after = entry->state;
      if (entry->sending != delivery.sending || !acknowledge(after)) continue;
    }
    out.push_back(delivery.key());
  }
  return out;
}

Result<std::optional<DeliveriesAcknowledged>> decide_deliveries_acknowledged(const State& state, EndpointIndex endpoint,
                                                                             const wire::Acknowledge& message) {
  const DeliveryQueue& queue = state.endpoints.at(endpoint.value).deliveries;
  if (message.stored > queue.dispatched())
    return tl::unexpected(wire::malformed_frame("an acknowledgement covers a delivery that was never sent"));
  const DeliveryWindow window{clamp_items(message.window_items), clamp_bytes(message.window_bytes)};
  if (message.stored <= queue.acknowledged() && window == queue.window()) return {std::nullopt};
  return {DeliveriesAcknowledged{endpoint, std::max(message.stored, queue.acknowledged()), window.items, window.bytes,
                                 finished_by(state, endpoint, message.stored)}};
}

Result<std::optional<ReceiptsAcknowledged>> decide_receipts_acknowledged(const State& state, EndpointIndex endpoint,
                                                                         const wire::Acknowledge& message) {
  const ReceiptQueue& queue = state.endpoints.at(endpoint.value).receipts;
  if (message.stored > queue.last())
    return tl::unexpected(wire::malformed_frame("an acknowledgement covers a receipt that was never sent"));
  if (message.stored <= queue.acknowledged()) return {std::nullopt};
  return {ReceiptsAcknowledged{endpoint, message.stored}};
}

Result<std::optional<ConfigurationChanged>> decide_credential(const State& state, EndpointIndex endpoint,
                                                              std::string_view text) {
  const Configuration& configuration = state.configuration;
  const registry::Party& party = configuration.registry.party_at(configuration.registry.endpoint_at(endpoint).party);
  if (!party.root_key)
    return fail(ErrorCode::certificate_invalid, {{"party", party.id}, {"reason", "the party has no root key"}});
  const auto credential = registry::read_credential(text, *party.root_key);
  if (!credential) return tl::unexpected(credential.error());
  if (credential->party() != party.id)
    return fail(ErrorCode::sender_mismatch, {{"actual", credential->party()}, {"party", party.id}});
  const bool is_revocation = std::holds_alternative<registry::Revocation>(credential->statement);
  const std::string key = to_hex(credential->key_id());
  if (is_revocation && configuration.registry.keys().find(party.id, credential->key_id()) == nullptr)
    return fail(ErrorCode::key_unknown, {{"party", party.id}, {"key", key}});
  const auto kind = is_revocation ? registry::ItemKind::revocation : registry::ItemKind::certificate;
  ConfigurationChanged record{kind, party.id + "/" + key, credential->text, "party:" + party.id};
  if (is_registered(configuration, {kind, record.id, record.canonical})) return {std::nullopt};
  return {std::move(record)};
}

Result<std::vector<ConfigurationChanged>> decide_configuration(const State& state,
                                                               const std::vector<registry::Item>& items,
                                                               const std::string& actor) {
  // Tried with what is registered: what fits by itself may not fit what is there.
  std::vector<registry::Item> together;
  for (const auto& [item, canonical] : state.configuration.items)
    together.push_back({item.first, item.second, canonical});
  std::vector<ConfigurationChanged> out;
  for (const registry::Item& item : items) {
    if (is_registered(state.configuration, item)) continue;
    together.push_back(item);
    out.push_back({item.kind, item.id, item.canonical, actor});
  }
  if (out.empty()) return out;
  if (auto built = agreements::build_configuration(together); !built) return tl::unexpected(built.error());
  return out;
}

std::optional<ScheduleReached> decide_schedule(const State& state, UnixMicros now) {
  if (state.schedule.empty() || state.schedule.begin()->first > now) return std::nullopt;
  return ScheduleReached{now};
}

}  // namespace hub::broker
