// The one way in which something happens: a record is stamped, appended to the journal, and applied to the state.
// Live path and replay share apply(). Owned by the engine's thread.
#pragma once

#include "hub/broker/apply.hpp"
#include "hub/journal/journal.hpp"
#include "hub/ports/clock.hpp"
#include "hub/ports/randomness.hpp"

namespace hub::runtime {

class Recorder {
 public:
  Recorder(ports::Clock& clock, ports::Randomness& randomness, journal::Journal& journal, broker::State& state)
      : clock_(clock), randomness_(randomness), journal_(journal), state_(state) {}

  // Reads the clock, once a turn. Record time never goes back.
  UnixMicros read_clock();
  UnixMicros now() const { return now_; }

  journal::Appended record(const broker::Record& record, ByteView body = {}, const crypto::Digest& body_digest = {});

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
  broker::Touched touched_;
  UnixMicros now_;
  Buffer metadata_;
  Bytes<4096> nonces_{};
  std::size_t nonces_used_ = sizeof nonces_;
};

// Applies a record of the journal to a state that is being rebuilt. Record by record, in order.
Result<void> replay(broker::State& state, const journal::RecordView& record, broker::Touched& touched);

}  // namespace hub::runtime
