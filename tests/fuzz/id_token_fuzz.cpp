// Any bytes as an ID token, and behind the first line as the provider's keys.
#include <cstdint>
#include <string>

#include "hub/access/id_token.hpp"
#include "hub/base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const auto token = hub::access::parse_id_token(text.substr(0, line));
  const auto keys = hub::access::SigningKeys::parse(line == text.npos ? text : text.substr(line + 1));
  // Nobody can sign here, so no token is good.
  if (token && keys)
    HUB_CHECK(!hub::access::user_of(*token, *keys, {"https://id.example", "hub", "nonce", "sub"}, hub::UnixMicros(0)));
  if (const auto bytes = hub::access::from_base64url(text)) HUB_CHECK(hub::access::to_base64url(*bytes) == text);
  return 0;
}
