// An administrator reads a body: a statement of the kind "reading" (signed_statement.hpp), signed by one administrator,
// that says beside the basics
//
//   "document": position of its acceptance
//
// It holds for kReadingMicrosMax around its time; each use of it is a record, durable before the body is shown.
//
// Threads: free functions.
#pragma once

#include "hub/broker/signed_statement.hpp"
#include "hub/broker/state.hpp"

namespace hub::broker {

constexpr std::int64_t kReadingMicrosMax = 10 * 60 * kMicrosPerSecond;

struct Reading {
  Position document;
  StatementBasics basics;
};

std::string sign_reading(const Reading& reading, const crypto::SigningKey& administrator);
// order_invalid (another journal, too old, from the future); else as read_statement. Whether there is such a document,
// the journal knows.
Result<BodyRead> decide_reading(const State& state, const Bytes<16>& journal_id, std::string_view text, UnixMicros now);

}  // namespace hub::broker
