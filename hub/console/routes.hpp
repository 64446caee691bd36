// What may be asked: the one table of routes, and whether a request is one of them. schemas/openapi.yaml describes the
// same, and a test holds the two against each other.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "hub/console/http_message.hpp"
#include "hub/console/query.hpp"

namespace hub::console {

enum class RouteId {
  page, file, health, readiness, metrics, status, documents, document, deliveries, flows, names, agreement, orders, readings,
  checkpoint, entries, tile, delivery_report, overreach, audit
};

struct Route {
  RouteId id;
  std::string_view method;
  std::string_view path;  // one that ends in "/{document}" has any one segment there; the first that fits counts
  bool open;              // asked without the token
  std::span<const std::string_view> parameters;
  bool deep = false;      // what stands in the braces may have slashes, and is not encoded
};

std::span<const Route> routes();

struct Call {
  RouteId route;
  std::string item;  // the path's last segment, decoded, where the route has one
  Parameters parameters;
};

// In this order: 404 path-unknown, 405 method-not-allowed, 401 token-required, 400 parameter-invalid.
tl::expected<Call, Response> find_route(const Request& request, std::string_view token);

}  // namespace hub::console
