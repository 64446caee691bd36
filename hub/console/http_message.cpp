#include "hub/console/http_message.hpp"

#include <nlohmann/json.hpp>

#include "hub/base/error_json.hpp"

namespace hub::console {

Response json_response(const nlohmann::ordered_json& body) {
  Response response;
  // Facts of an error may quote what came in, bytes that are no UTF-8 too.
  response.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  return response;
}

Response error_response(unsigned status, const Error& error) {
  const nlohmann::ordered_json body = {{"error", to_json(error)}};
  Response response = json_response(body);
  response.status = status;
  return response;
}

}  // namespace hub::console
