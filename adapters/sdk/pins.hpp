// The pinned root keys: whom a recipient believes about a sender's keys. Not the hub: it could be taken over.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "hub/crypto/keys.hpp"

namespace hub::sdk {

using Pins = std::map<std::string, crypto::PublicKey, std::less<>>;  // by party id

}  // namespace hub::sdk
