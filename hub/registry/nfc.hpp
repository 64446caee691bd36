// Unicode normalisation form C: what looks alike is alike.
#pragma once

#include <string>
#include <string_view>

namespace hub::registry {

// `text`, valid UTF-8, in NFC.
std::string nfc(std::string_view text);

}  // namespace hub::registry
