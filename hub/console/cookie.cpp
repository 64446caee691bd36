#include "hub/console/cookie.hpp"

#include <algorithm>

namespace hub::console {

std::string cookie_field(const NewCookie& cookie) {
  std::string out(cookie.name);
  out.append("=").append(cookie.value).append("; Path=").append(cookie.path).append("; HttpOnly; SameSite=");
  out.append(cookie.same_site).append("; Max-Age=").append(std::to_string(cookie.age.count()));
  return cookie.is_secure ? out + "; Secure" : out;
}

std::string cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

}  // namespace hub::console
