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

journal::Appended Recorder::record(const broker::Record& record, ByteView body, const crypto::Digest& body_digest) {
  metadata_.clear();
  broker::encode(state_.configuration.registry, record, metadata_);
  journal::NewRecord entry;
  entry.kind = static_cast<std::uint8_t>(broker::kind_of(record));
  entry.time = now_;
  entry.nonce = nonce();
  entry.metadata = metadata_;
  entry.body = body;
  entry.body_digest = body_digest;
  if (const auto* document = std::get_if<broker::DocumentDecided>(&record))
    entry.outcome_root = broker::outcome_root(*document);
  const journal::Appended appended = journal_.append(entry);
  broker::apply(state_, {appended.position, now_, static_cast<std::uint32_t>(body.size())}, record, touched_);
  return appended;
}

Result<void> replay(broker::State& state, const journal::RecordView& view, broker::Touched& touched) {
  auto record = broker::decode(state.configuration.registry, view.kind, view.metadata, view.body_digest);
  if (!record) return tl::unexpected(record.error());
  broker::apply(state, {view.position, view.time, view.body_bytes}, *record, touched);
  return {};
}

}  // namespace hub::runtime
