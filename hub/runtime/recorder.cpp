#include "hub/runtime/recorder.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/broker/record_codec.hpp"

namespace hub::runtime {

UnixMicros Recorder::read_clock() {
  now_ = std::max(state_.time, clock_.now());
  return now_;
}

Bytes<16> Recorder::nonce() {
  if (nonces_used_ == nonces_.size()) {
    randomness_.fill(nonces_);
    nonces_used_ = 0;
  }
  Bytes<16> out;
  std::memcpy(out.data(), nonces_.data() + nonces_used_, out.size());
  nonces_used_ += out.size();
  return out;
}

journal::Appended Recorder::record(const broker::Record& record, ByteView body, const crypto::Digest& body_digest,
                                   std::uint32_t body_key) {
  metadata_.clear();
  broker::encode(state_.configuration.registry, record, metadata_);
  journal::NewRecord entry;
  entry.kind = static_cast<std::uint8_t>(broker::kind_of(record));
  entry.time = now_;
  entry.nonce = nonce();
  entry.metadata = metadata_;
  entry.body = body;
  entry.body_digest = body_digest;
  if (body_key != 0) {
    sealer_.seal(body_key, entry.nonce, body_digest, body, sealed_);
    entry.body = sealed_;
    entry.body_key = body_key;
  }
  if (const auto* document = std::get_if<broker::DocumentDecided>(&record))
    entry.outcome_root = broker::outcome_root(*document);
  const journal::Appended appended = journal_.append(entry);
  broker::apply(state_, {appended.position, now_, static_cast<std::uint32_t>(body.size()), body_key}, record, touched_);
  return appended;
}

Result<ByteView> Recorder::open_body(const journal::RecordView& record, Buffer& scratch) const {
  if (record.erased || state_.storage_keys.is_destroyed(record.body_key))
    return fail(ErrorCode::document_erased, {{"position", std::to_string(record.position.value)}});
  return sealer_.open(record, scratch);
}

Result<std::uint32_t> Recorder::storage_key(std::uint32_t months) {
  const Month month = month_of(now_);
  if (const broker::StorageKey* known = state_.storage_keys.find(months, month)) {
    if (auto found = sealer_.find(known->id); !found) return tl::unexpected(found.error());
    return known->id;
  }
  const std::uint32_t id = state_.storage_keys.next_id();
  if (auto made = sealer_.create(id, randomness_); !made) return tl::unexpected(made.error());
  record(broker::StorageKeyCreated{id, months, month});
  return id;
}

Result<void> replay(broker::State& state, const journal::RecordView& view, broker::Touched& touched) {
  auto record = broker::decode(state.configuration.registry, view.kind, view.metadata, view.body_digest);
  if (!record) return tl::unexpected(record.error());
  broker::apply(state, {view.position, view.time, journal::sent_body_bytes(view), view.body_key}, *record, touched);
  return {};
}

}  // namespace hub::runtime
