// A value inside a MessagePack value, by JSON Pointer (RFC 6901), without decoding the rest. Threads: free functions on
// borrowed bytes.
#pragma once

#include <optional>
#include <string_view>

#include "hub/base/bytes.hpp"

namespace hub::registry {

// The text at `pointer`, which leads through maps alone and has no escapes ("~"); nothing when there is no text.
std::optional<std::string_view> text_at(ByteView value, std::string_view pointer);

}  // namespace hub::registry
