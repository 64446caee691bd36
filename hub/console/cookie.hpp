// Cookies: one of a request's, and the field that sets one. None of them is for scripts.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace hub::console {

struct NewCookie {
  std::string_view name, value, path, same_site;
  std::chrono::seconds age;
  bool is_secure = false;  // for TLS alone
};
std::string cookie_field(const NewCookie& cookie);

// Of a Cookie field; empty when it is not there.
std::string cookie_value(std::string_view header, std::string_view name);

}  // namespace hub::console
