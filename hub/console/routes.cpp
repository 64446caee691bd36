#include "hub/console/routes.hpp"

#include <optional>

#include "hub/console/report_answers.hpp"
#include "hub/console/token.hpp"
#include "hub/ledger/filter_text.hpp"
#include "hub/ledger/report_texts.hpp"

namespace hub::console {
namespace {

const std::vector<std::string_view> kDeliveryParameters = [] {
  const auto filters = ledger::delivery_parameters();
  std::vector<std::string_view> out(filters.begin(), filters.end());
  out.push_back("by_cause");
  return out;
}();

const Route kRoutes[] = {
    {RouteId::page, "GET", "/", true, {}},
    {RouteId::file, "GET", "/console/{file}", true, {}},
    {RouteId::health, "GET", "/healthz", true, {}},
    {RouteId::readiness, "GET", "/readyz", false, {}},
    {RouteId::metrics, "GET", "/metrics", false, {}},
    {RouteId::status, "GET", "/api/v1/status", false, {}},
    {RouteId::documents, "GET", "/api/v1/documents", false, ledger::document_parameters()},
    {RouteId::document, "GET", "/api/v1/documents/{document}", false, {}},
    {RouteId::deliveries, "GET", "/api/v1/deliveries", false, kDeliveryParameters},
    {RouteId::flows, "GET", "/api/v1/flows", false, ledger::period_parameters()},
    {RouteId::names, "GET", "/api/v1/names", false, {}},
    {RouteId::agreement, "GET", "/api/v1/agreements/{agreement}", false, ledger::period_parameters(), true},
    {RouteId::delivery_report, "GET", "/api/v1/reports/deliveries", false, delivery_report_parameters()},
    {RouteId::overreach, "GET", "/api/v1/reports/overreach", false, ledger::overreach_parameters()},
    {RouteId::audit, "GET", "/api/v1/audit", false, ledger::audit_parameters()},
    {RouteId::orders, "POST", "/api/v1/orders", false, {}},
    {RouteId::readings, "POST", "/api/v1/readings", false, {}},
    {RouteId::checkpoint, "GET", "/checkpoint", true, {}},
    {RouteId::entries, "GET", "/tile/entries/{tile}", false, {}, true},
    {RouteId::tile, "GET", "/tile/{tile}", true, {}, true},
};

// The decoded last segment, or an empty one where the route has none; nothing when the path is another one.
std::optional<std::string> match_path(const Route& route, std::string_view path) {
  const std::size_t brace = route.path.find('{');
  if (brace == route.path.npos) return route.path == path ? std::optional<std::string>("") : std::nullopt;
  if (!path.starts_with(route.path.substr(0, brace))) return std::nullopt;
  const std::string_view segment = path.substr(brace);
  if (route.deep && !segment.empty()) return std::string(segment);
  if (segment.empty() || segment.find('/') != segment.npos) return std::nullopt;
  return percent_decoded(segment, /*plus_is_space=*/false);
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

tl::expected<Call, Response> find_route(const Request& request, std::string_view token) {
  const Route* found = nullptr;
  std::string item, allowed;
  for (const Route& route : kRoutes) {
    const auto matched = match_path(route, request.path);
    if (!matched) continue;
    if (found != nullptr) break;
    const std::string methods(route.method == "GET" ? "GET, HEAD" : route.method);
    if (allowed != methods) allowed += (allowed.empty() ? "" : ", ") + methods;
    if (route.method != request.method) continue;
    found = &route;
    item = *matched;
  }
  if (allowed.empty())
    return tl::make_unexpected(error_response(404, {ErrorCode::path_unknown, {{"path", request.path}}}));
  if (found == nullptr) {
    Response refused = error_response(
        405,
        {ErrorCode::method_not_allowed, {{"path", request.path}, {"method", request.method}, {"allowed", allowed}}});
    refused.headers.emplace_back("Allow", allowed);
    return tl::make_unexpected(std::move(refused));
  }
  if (!found->open && !carries_token(request.authorization, token)) {
    Response refused = error_response(401, {ErrorCode::token_required, {}});
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return tl::make_unexpected(std::move(refused));
  }
  auto parameters = parse_query(request.query, found->parameters);
  if (!parameters) return tl::make_unexpected(error_response(400, parameters.error()));
  return Call{found->id, std::move(item), std::move(*parameters)};
}

}  // namespace hub::console
