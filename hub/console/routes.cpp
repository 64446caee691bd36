#include "hub/console/routes.hpp"

#include <optional>

#include "hub/access/secret.hpp"
#include "hub/base/msgpack_reader.hpp"
#include "hub/console/report_answers.hpp"
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

constexpr std::string_view kCallbackParameters[] = {"code", "error", "state"};

// The decoded segment in braces, or an empty one where the route has none; nothing when the path is another one.
std::optional<std::string> match_path(const Route& route, std::string_view path) {
  const std::size_t brace = route.path.find('{');
  if (brace == route.path.npos) return route.path == path ? std::optional<std::string>("") : std::nullopt;
  const std::string_view before = route.path.substr(0, brace), after = route.path.substr(route.path.find('}') + 1);
  if (path.size() < before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after))
    return std::nullopt;
  const std::string_view segment = path.substr(brace, path.size() - before.size() - after.size());
  if (route.deep && !segment.empty())
    return is_utf8(segment) ? std::optional<std::string>(segment) : std::nullopt;
  if (segment.empty() || segment.find('/') != segment.npos) return std::nullopt;
  return percent_decoded(segment, /*plus_is_space=*/false);
}

// What a browser says of a request that another site made. Programs say nothing.
std::optional<Response> refuse_foreign(const Request& request) {
  const bool same_site = request.fetch_site.empty() || request.fetch_site == "same-origin" || request.fetch_site == "none";
  const std::size_t scheme = request.origin.find("://");
  const bool same_host = request.origin.empty() || (scheme != request.origin.npos &&
                                                    std::string_view(request.origin).substr(scheme + 3) == request.host);
  if (same_site && same_host) return std::nullopt;
  return error_response(403, {ErrorCode::origin_foreign, {{"origin", same_host ? request.fetch_site : request.origin}}});
}

// Who asks, when they may.
tl::expected<Caller, Response> admit(const Route& route, const Request& request, const Identify& identify) {
  const bool changes = route.method != "GET";
  if (changes)
    if (auto refusal = refuse_foreign(request)) return tl::make_unexpected(std::move(*refusal));
  if (route.permission == access::Permission::open) return Caller{};
  auto caller = identify(request);
  if (!caller) return tl::make_unexpected(error_response(500, caller.error()));
  if (!*caller) {
    Response refused = error_response(401, {ErrorCode::token_required, {}});
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return tl::make_unexpected(std::move(refused));
  }
  const std::string& cookie = (*caller)->session;
  if (changes && !cookie.empty() && !access::same_secret(request.csrf_token, access::csrf_token(cookie)))
    return tl::make_unexpected(error_response(403, {ErrorCode::csrf_token_wrong, {}}));
  if (!(*caller)->permissions.has(route.permission))
    return tl::make_unexpected(error_response(
        403, {ErrorCode::role_insufficient, {{"permission", std::string(access::name_of(route.permission))}}}));
  return std::move(**caller);
}

}  // namespace

std::span<const Route> routes() {
  using enum access::Permission;
  static const Route kRoutes[] = {
      {RouteId::page, "GET", "/", open, {}},
      {RouteId::file, "GET", "/console/{file}", open, {}},
      {RouteId::health, "GET", "/healthz", open, {}},
      {RouteId::readiness, "GET", "/readyz", status, {}},
      {RouteId::metrics, "GET", "/metrics", status, {}},
      {RouteId::status, "GET", "/api/v1/status", status, {}},
      {RouteId::alerts, "GET", "/api/v1/alerts", status, {}},
      {RouteId::events, "GET", "/api/v1/events", status, {}},
      {RouteId::documents, "GET", "/api/v1/documents", documents, ledger::document_parameters()},
      {RouteId::document, "GET", "/api/v1/documents/{document}", documents, {}},
      {RouteId::deliveries, "GET", "/api/v1/deliveries", documents, kDeliveryParameters},
      {RouteId::flows, "GET", "/api/v1/flows", metadata, ledger::period_parameters()},
      {RouteId::names, "GET", "/api/v1/names", names, {}},
      {RouteId::agreement, "GET", "/api/v1/agreements/{agreement}", configuration, ledger::period_parameters(), true},
      {RouteId::delivery_report, "GET", "/api/v1/reports/deliveries", reports, delivery_report_parameters()},
      {RouteId::overreach, "GET", "/api/v1/reports/overreach", overreach, overreach_report_parameters()},
      {RouteId::audit, "GET", "/api/v1/audit", reports, ledger::audit_parameters()},
      {RouteId::orders, "POST", "/api/v1/orders", actions, {}},
      {RouteId::readings, "POST", "/api/v1/readings", bodies, {}},
      {RouteId::checkpoint, "GET", "/checkpoint", open, {}},
      {RouteId::entries, "GET", "/tile/entries/{tile}", evidence, {}, true},
      {RouteId::tile, "GET", "/tile/{tile}", open, {}, true},
      {RouteId::session, "GET", "/api/v1/session", session, {}},
      {RouteId::sign_in, "POST", "/api/v1/session", open, {}},
      {RouteId::sign_out, "DELETE", "/api/v1/session", session, {}},
      {RouteId::accept_invitation, "POST", "/api/v1/invitations/accept", open, {}},
      {RouteId::ways, "GET", "/api/v1/session/ways", open, {}},
      {RouteId::sign_on, "GET", "/api/v1/sign-on", open, {}},
      {RouteId::sign_on_callback, "GET", "/api/v1/sign-on/callback", open, kCallbackParameters, false, true},
      {RouteId::users, "GET", "/api/v1/users", users, {}},
      {RouteId::invite, "POST", "/api/v1/users/{user}/invitation", users, {}},
  };
  return kRoutes;
}

tl::expected<Call, Response> find_route(const Request& request, const Identify& identify) {
  const Route* found = nullptr;
  std::string item, allowed;
  for (const Route& route : routes()) {
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
  auto caller = admit(*found, request, identify);
  if (!caller) return tl::make_unexpected(std::move(caller.error()));
  auto parameters = parse_query(found->is_sent ? std::string_view() : request.query, found->parameters);
  if (!parameters) return tl::make_unexpected(error_response(400, parameters.error()));
  return Call{found->id, std::move(item), std::move(*parameters), std::move(*caller)};
}

}  // namespace hub::console
