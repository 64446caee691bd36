// MessagePack values as JSON, for people: binary becomes base64 text. Not on the way of a document through the hub.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hub/base/msgpack_reader.hpp"

namespace hub::registry {

// The next value, its members in their order. What JSON can't hold (extensions, what is malformed or nested deeper than
// MsgpackReader::kDepthMax) becomes null; a key that is no text stands as its bytes in base64.
nlohmann::ordered_json next_as_json(MsgpackReader& in);

}  // namespace hub::registry
