// One recipient's outcome of a document, as it stands in the record, in the answer and in the delivery.
//
// A row is a MessagePack array, its bytes are what is hashed:
//   [addressed party, actual party, outcome, agreement, agreement version, clause]
// outcome is "accepted" or an error code; a refusal without an agreement in question has "", 0, "".
// The outcome root of a document is the RFC 6962 root over its rows, so that a party can be shown its own row alone.
#pragma once

#include <string_view>

#include "hub/crypto/merkle.hpp"
#include "hub/wire/frame.hpp"

namespace hub::wire {

constexpr std::string_view kAccepted = "accepted";
constexpr std::string_view kAcceptedBefore = "accepted-before";  // by an earlier record; nothing goes to it under this one
constexpr std::size_t kRowBytesMax = 352;  // five names of kNameBytesMax, a version, and what MessagePack adds

struct OutcomeRow {
  std::string_view addressed, actual;
  std::string_view outcome;  // kAccepted or an error code
  std::string_view agreement;
  std::uint32_t agreement_version = 0;
  std::string_view clause;

  bool accepted() const { return outcome == kAccepted; }
  bool is_accepted_before() const { return outcome == kAcceptedBefore; }
};

void write_row(Buffer& out, const OutcomeRow& row);  // appends
Result<OutcomeRow> read_row(ByteView bytes);

}  // namespace hub::wire
