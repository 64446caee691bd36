// The reason that people give for a status, a refusal or an order: short plain text, which is recorded and shown.
#pragma once

#include <optional>
#include <string_view>

#include "hub/base/result.hpp"

namespace hub::registry {

// report_invalid (pointer, reason_vi, reason_en) when it is longer than kReasonBytesMax, no UTF-8, not in NFC, or has a
// control character; secrecy_mark (mark, pointer) when it has one: then nothing of it may be stored.
std::optional<Error> refuse_reason(std::string_view reason);

}  // namespace hub::registry
