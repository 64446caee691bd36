// Any bytes as the target of a request, and as an address to listen on.
#include <cstdint>
#include <string>

#include "hub/base/check.hpp"
#include "hub/base/msgpack_reader.hpp"
#include "hub/console/http_server.hpp"
#include "hub/console/routes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  hub::console::Request request;
  request.method = "GET";
  const std::size_t question = text.find('?');
  request.path = text.substr(0, question);
  if (question != text.npos) request.query = text.substr(question + 1);
  const auto anybody = [](const hub::console::Request&) -> hub::Result<std::optional<hub::console::Caller>> {
    hub::console::Caller caller;
    caller.permissions = hub::access::kMachinePermissions;
    return caller;
  };
  if (const auto call = hub::console::find_route(request, anybody)) {
    HUB_CHECK(hub::is_utf8(call->item));
    for (const auto& [name, value] : call->parameters) HUB_CHECK(hub::is_utf8(name) && hub::is_utf8(value));
  } else {
    HUB_CHECK(call.error().status >= 400 && hub::is_utf8(call.error().body));
  }
  constexpr std::string_view kKnown[] = {"a", "text"};
  if (const auto parsed = hub::console::parse_query(text, kKnown)) HUB_CHECK(parsed->size() <= 2);
  (void)hub::console::parse_listen_address(text);
  return 0;
}
