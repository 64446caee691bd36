// What may be asked: the one table of routes, and whether a request is one of them. schemas/openapi.yaml describes the
// same, and a test holds the two against each other.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "hub/console/caller.hpp"
#include "hub/console/http_message.hpp"
#include "hub/console/query.hpp"

namespace hub::console {

enum class RouteId {
  page, file, health, readiness, metrics, status, alerts, events, documents, document, deliveries, flows, names, agreement, orders, readings,
  checkpoint, entries, tile, delivery_report, overreach, audit, session, sign_in, sign_out, accept_invitation, users, invite, ways,
  sign_on, sign_on_callback
};

struct Route {
  RouteId id;
  std::string_view method;
  std::string_view path;  // "/{document}" is any one segment; the first that fits counts
  access::Permission permission;  // that whoever asks must have
  std::span<const std::string_view> parameters;
  bool deep = false;      // what stands in the braces may have slashes, and is not encoded
  bool is_sent = false;   // another site writes the query, and may add to it: whoever answers reads it
};

std::span<const Route> routes();

struct Call {
  RouteId route;
  std::string item;  // the path's segment in braces, decoded, where the route has one
  Parameters parameters;
  Caller caller;     // of an open route nobody
};

// In this order: 404 path-unknown, 405 method-not-allowed, 403 origin-foreign, 401 token-required, 403 csrf-token-wrong,
// 403 role-insufficient, 400 parameter-invalid. 500 when it could not be found out who asks.
tl::expected<Call, Response> find_route(const Request& request, const Identify& identify);

}  // namespace hub::console
