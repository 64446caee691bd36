#include "hub/registry/nfc.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "hub/base/check.hpp"

namespace hub::registry {

std::string nfc(std::string_view text) {
  const bool ascii = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) < 0; });
  if (ascii) return std::string(text);
  utf8proc_uint8_t* out = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &out,
                                 static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(out, &std::free);
  HUB_CHECK(size >= 0);  // fails on invalid UTF-8 alone
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

}  // namespace hub::registry
