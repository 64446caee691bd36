// What a recipient says about a delivery: how far its system is with it, that it refuses it, or that it can't be handed
// over.
#pragma once

#include "hub/base/time.hpp"
#include "hub/wire/delivery_id.hpp"
#include "hub/wire/delivery_status.hpp"
#include "hub/wire/frame.hpp"

namespace hub::wire {

// Endpoint -> hub. Answered by Answer, once it is durable.
struct Report {
  std::uint64_t request = 0;  // 1
  DeliveryKey delivery;       // 2 document's position, 3 outcome index, 7 replay's position (absent: none)
  DeliveryStatus status{};    // 4 one that can be reported
  std::string_view reason;    // 5 of kReasonBytesMax; absent: none
  UnixMicros time;            // 6 by the recipient's system
  std::string_view cause;     // 8 status failed only: the code of an error
  bool permanent = false;     // 9 status failed only: another attempt would fail alike
};

void write(Buffer& out, const Report& m);
Result<Report> read_report(ByteView payload);

}  // namespace hub::wire
