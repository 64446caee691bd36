// What follows from a command in a state: a record, or a refusal. Nothing here changes anything, and everything that it
// looks at is in its arguments: no clock, no I/O, no randomness.
#pragma once

#include "hub/broker/earlier.hpp"
#include "hub/broker/prepare.hpp"
#include "hub/broker/state.hpp"
#include "hub/wire/session.hpp"

namespace hub::broker {

constexpr std::int64_t kClockSkewMicros = 3'600 * kMicrosPerSecond;  // a signed time may be so far in the future

// endpoint_mismatch, version_unsupported, bulk_reserved, journal_mismatch, journal_behind.
Result<EndpointConnected> decide_connect(const State& state, const Bytes<16>& journal_id, EndpointIndex endpoint,
                                         const wire::Hello& hello);

// The deliveries that are delivered once everything up to `stored` is durable at the endpoint: what is under way to it,
// unless its endpoint reports that itself, or it went on meanwhile.
std::vector<wire::DeliveryKey> finished_by(const State& state, EndpointIndex endpoint, StreamSequence stored);

// Nothing when there is nothing new in it; frame_malformed when it covers what was never sent.
Result<std::optional<DeliveriesAcknowledged>> decide_deliveries_acknowledged(const State& state,
                                                                             EndpointIndex endpoint,
                                                                             const wire::Acknowledge& message);
Result<std::optional<ReceiptsAcknowledged>> decide_receipts_acknowledged(const State& state, EndpointIndex endpoint,
                                                                         const wire::Acknowledge& message);

// Whether a batch may be taken at `now`: what prepare found, and the key's dates. Else the refusal.
std::optional<Error> decide_batch(const State& state, const PreparedBatch& batch, UnixMicros now);

// The decision on one document of a batch, into `out` (reused from document to document; its `batch` is the caller's
// to set). When the same document was accepted before, its position, and `out` holds nothing. `references`: what was
// found of the documents that it is about (references_of, in that order).
std::optional<Position> decide_document(const State& state, const PreparedBatch& batch, std::size_t index,
                                        UnixMicros now, std::span<const EarlierAcceptance> references,
                                        DocumentDecided& out);

// A document that was accepted before and comes again with the same bytes: the recipients that were refused, by the hub
// then or by their own system since (and the sender has stored that receipt), are decided anew; the others are `accepted-before`. When that accepts none, `out`
// is no record: only the reasons of its refusals are news. False: there is nobody to decide.
bool decide_resend(const State& state, const PreparedBatch& batch, std::size_t index, UnixMicros now,
                   const EarlierAcceptance& earlier, std::span<const EarlierAcceptance> references,
                   DocumentDecided& out);

// A certificate or revocation that a party's endpoint published. Nothing when it is registered already.
// certificate_invalid, sender_mismatch, key_unknown (the revocation of a key without certificate).
Result<std::optional<ConfigurationChanged>> decide_credential(const State& state, EndpointIndex endpoint,
                                                              std::string_view text);

// What is new or has changed among `items`; refused as a whole when it does not fit what is registered.
Result<std::vector<ConfigurationChanged>> decide_configuration(const State& state,
                                                               const std::vector<registry::Item>& items,
                                                               const std::string& actor);

// Whether timed documents are due.
std::optional<ScheduleReached> decide_schedule(const State& state, UnixMicros now);

}  // namespace hub::broker
