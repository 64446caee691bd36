// The one way in which something happens: a record is stamped, appended to the journal, and applied to the state.
// Live path and replay share apply(). Owned by the engine's thread.
#pragma once

#include "hub/broker/apply.hpp"
#include "hub/journal/journal.hpp"
#include "hub/ports/clock.hpp"
#include "hub/ports/randomness.hpp"
#include "hub/runtime/body_sealer.hpp"

namespace hub::runtime {

class Recorder {
 public:
  Recorder(ports::Clock& clock, ports::Randomness& randomness, journal::Journal& journal, broker::State& state,
           BodySealer& sealer)
      : clock_(clock), randomness_(randomness), journal_(journal), state_(state), sealer_(sealer) {}

  // Reads the clock, once a turn. Record time never goes back.
  UnixMicros read_clock();
  UnixMicros now() const { return now_; }

  // With a `body_key`, that the core knows and the sealer has, the body is encrypted.
  journal::Appended record(const broker::Record& record, ByteView body = {}, const crypto::Digest& body_digest = {},
                           std::uint32_t body_key = 0);

  // The body of a record of the journal as it was sent: its own view, or in `scratch`. document_erased,
  // storage_key_missing, journal_damaged.
  Result<ByteView> open_body(const journal::RecordView& record, Buffer& scratch) const;

  // The key of a retention class and this month, made and recorded when there is none yet. storage_full, io_failed,
  // storage_key_missing.
  Result<std::uint32_t> storage_key(std::uint32_t months);

  // A random number for a decision; what it leads to stands in the record.
  std::uint64_t random() { return load_le<std::uint64_t>(nonce().data()); }

  broker::Touched& touched() { return touched_; }
  const broker::State& state() const { return state_; }
  journal::Journal& journal() { return journal_; }
  const journal::Journal& journal() const { return journal_; }
  void refresh() { broker::refresh(state_.configuration); }

 private:
  Bytes<16> nonce();

  ports::Clock& clock_;
  ports::Randomness& randomness_;
  journal::Journal& journal_;
  broker::State& state_;
  BodySealer& sealer_;
  broker::Touched touched_;
  UnixMicros now_;
  Buffer metadata_, sealed_;
  Bytes<4096> nonces_{};
  std::size_t nonces_used_ = sizeof nonces_;
};

// Applies a record of the journal to a state that is being rebuilt. Record by record, in order.
Result<void> replay(broker::State& state, const journal::RecordView& record, broker::Touched& touched);

}  // namespace hub::runtime
