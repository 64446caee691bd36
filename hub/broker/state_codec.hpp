// A state to bytes and back: what a snapshot holds and what state_hash is made of. The bytes are canonical: they follow
// from the records alone, whatever the seed of the hash table and however the state came to be. Derived tables are not
// in them; configuration items go the way of a replay.
//
// Threads: free functions; the state is the caller's for so long.
#pragma once

#include "hub/broker/state.hpp"

namespace hub::broker {

// Of these bytes. A change of any part's fields is a new number; a snapshot of another one is not read, and the start
// replays more.
constexpr std::uint32_t kStateVersion = 4;

Buffer encode_state(const State& state);
// Into a state that is new. False: the bytes are none of a state of this version, and `state` is of no use.
[[nodiscard]] bool decode_state(ByteView bytes, State& state);

}  // namespace hub::broker
