#include "hub/console/routes.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "hub/access/secret.hpp"
#include "hub/registry/strict_parse.hpp"

namespace hub::console {
namespace {

using access::Permission;
using access::Permissions;

constexpr Permission kAll[] = {Permission::session,       Permission::status,   Permission::documents,
                               Permission::metadata,      Permission::evidence, Permission::actions,
                               Permission::configuration, Permission::reports,  Permission::bodies,
                               Permission::users,         Permission::names,    Permission::overreach};

Request request(std::string_view path, std::string_view method = "GET") {
  Request out;
  out.method = method;
  out.path = path;
  return out;
}

// Whoever asks with a token that permits so much; nobody when it is nothing.
Identify permitted(Permissions permissions) {
  return [permissions](const Request&) -> Result<std::optional<Caller>> {
    if (permissions.empty()) return std::nullopt;
    Caller out;
    out.permissions = permissions;
    return out;
  };
}
Identify everything() {
  Permissions all;
  for (const Permission one : kAll) all.add(one);
  return permitted(all);
}
// A session that permits everything.
constexpr const char* kCookie = "0123456789abcdef";
Result<std::optional<Caller>> by_cookie(const Request&) {
  Caller out;
  for (const Permission one : kAll) out.permissions.add(one);
  out.session = kCookie;
  return out;
}

// A path that the route matches.
std::string example(const Route& route) {
  const std::size_t brace = route.path.find('{');
  if (brace == route.path.npos) return std::string(route.path);
  return std::string(route.path.substr(0, brace)) + "17" + std::string(route.path.substr(route.path.find('}') + 1));
}

unsigned status_of(const Request& asked, const Identify& identify) {
  const auto call = find_route(asked, identify);
  return call ? 200 : call.error().status;
}
unsigned status(const Request& asked) { return status_of(asked, everything()); }
std::string code_of(const Request& asked, const Identify& identify) {
  const auto call = find_route(asked, identify);
  return call ? "" : nlohmann::json::parse(call.error().body)["error"]["code"].get<std::string>();
}

}  // namespace

TEST_CASE("every route is found by its path and method, by whoever may") {
  for (const Route& route : routes()) {
    CAPTURE(route.path);
    const auto call = find_route(request(example(route), route.method), everything());
    REQUIRE(call.has_value());
    CHECK(call->route == route.id);
    CHECK(call->item == (route.path.find('{') == route.path.npos ? "" : "17"));
  }
}

TEST_CASE("for nobody that is known every route but the open ones is 401") {
  for (const Route& route : routes()) {
    CAPTURE(route.path);
    const auto call = find_route(request(example(route), route.method), permitted({}));
    CHECK(call.has_value() == (route.permission == Permission::open));
    if (!call) {
      CHECK(call.error().status == 401);
      CHECK(call.error().headers == std::vector<std::pair<std::string, std::string>>{{"WWW-Authenticate", "Bearer"}});
    }
  }
}

TEST_CASE("one permission opens its own routes, and every other is 403 and says what is missing") {
  for (const Permission one : kAll)
    for (const Route& route : routes()) {
      CAPTURE(route.path, access::name_of(one));
      const auto call = find_route(request(example(route), route.method), permitted({one}));
      const bool may = route.permission == Permission::open || route.permission == one;
      CHECK(call.has_value() == may);
      if (call) continue;
      CHECK(call.error().status == 403);
      const auto error = nlohmann::json::parse(call.error().body)["error"];
      CHECK(error["code"] == "role-insufficient");
      CHECK(error["facts"]["permission"] == std::string(access::name_of(route.permission)));
    }
}

TEST_CASE("a session changes nothing without its page's token, and reads without it") {
  for (const Route& route : routes()) {
    if (route.permission == Permission::open) continue;
    CAPTURE(route.path);
    Request asked = request(example(route), route.method);
    const bool changes = route.method != "GET";
    CHECK(code_of(asked, by_cookie) == (changes ? "csrf-token-wrong" : ""));
    asked.csrf_token = access::csrf_token("another");
    CHECK(code_of(asked, by_cookie) == (changes ? "csrf-token-wrong" : ""));
    asked.csrf_token = access::csrf_token(kCookie);
    CHECK(status_of(asked, by_cookie) == 200);
  }
}

TEST_CASE("what another site makes a browser send is refused, whoever is signed in there") {
  for (const Route& route : routes()) {
    if (route.method == "GET") continue;
    CAPTURE(route.path);
    Request asked = request(example(route), route.method);
    asked.csrf_token = access::csrf_token(kCookie);
    asked.host = "127.0.0.1:7480";
    for (const char* origin : {"http://evil.example", "null", "http://127.0.0.1:7481", "127.0.0.1:7480"}) {
      asked.origin = origin;
      CHECK(code_of(asked, by_cookie) == "origin-foreign");
    }
    asked.origin = "http://127.0.0.1:7480";
    CHECK(status_of(asked, by_cookie) == 200);
    for (const char* site : {"cross-site", "same-site"}) {
      asked.fetch_site = site;
      CHECK(code_of(asked, by_cookie) == "origin-foreign");
    }
    asked.fetch_site = "same-origin";
    CHECK(status_of(asked, by_cookie) == 200);
  }
}

TEST_CASE("when it can't be found out who asks, that is an error of the hub") {
  const Identify broken = [](const Request&) -> Result<std::optional<Caller>> { return fail(ErrorCode::io_failed); };
  CHECK(status_of(request("/metrics"), broken) == 500);
  CHECK(status_of(request("/healthz"), broken) == 200);
}

TEST_CASE("another method is 405 and says which are taken") {
  for (const Route& route : routes()) {
    const auto call = find_route(request(example(route), "PATCH"), everything());
    REQUIRE_FALSE(call.has_value());
    CHECK(call.error().status == 405);
    CHECK(call.error().headers.at(0).first == "Allow");
  }
  const auto call = find_route(request("/api/v1/session", "PUT"), everything());
  CHECK(call.error().headers.at(0).second == "GET, HEAD, POST, DELETE");
}

TEST_CASE("a path that is no route's is 404, however it is written") {
  for (const char* path : {"", "//", "/console", "/console/", "/console/a/b", "*", "/metrics/", "/metricsx", "//metrics", "/api/v1/../../metrics", "/%6detrics",
                           "/../../etc/passwd", "/healthz/..", "/api/v1/users/invitation", "/api/v1/users//invitation", "/api/v1/users/a/b/invitation", "/api/v1/users/../invitation/x", "http://x/metrics", "/api/v1", "/api/v1/status%00", "/tile/\xf9", "/api/v1/documents/%f9"})
    CHECK(status(request(path)) == 404);
}

TEST_CASE("an unknown parameter is 400 and named") {
  Request asked = request("/metrics");
  asked.query = "nam%65=x";
  const auto call = find_route(asked, everything());
  REQUIRE_FALSE(call.has_value());
  CHECK(call.error().status == 400);
  CHECK(call.error().body.find(R"("parameter":"name")") != std::string::npos);
}

TEST_CASE("schemas/openapi.yaml describes these routes, their parameters and no others") {
  std::ifstream file(HUB_SOURCE_DIR "/schemas/openapi.yaml");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  nlohmann::json api;
  REQUIRE(registry::parse_yaml_strict(text, "openapi.yaml", api).has_value());
  CHECK(api["openapi"] == "3.1.0");
  std::set<std::string> described, known;
  for (const auto& [path, methods] : api["paths"].items())
    for (const auto& [method, operation] : methods.items()) {
      std::string line = method + " " + path;
      std::set<std::string> names;
      for (const auto& parameter : operation.value("parameters", nlohmann::json::array()))
        if (parameter["in"] == "query") names.insert(parameter["name"].get<std::string>());
      for (const std::string& name : names) line += " " + name;
      const bool is_open = operation.contains("security") && operation["security"].empty();
      line += is_open ? " open" : " " + operation.value("x-permission", std::string("none"));
      described.insert(line);
      CAPTURE(line);
      for (const char* code : {"400", "401", "403"})
        if (!is_open) CHECK(operation["responses"].contains(code));
    }
  for (const Route& route : routes()) {
    std::string method(route.method);
    for (char& letter : method) letter = static_cast<char>(letter | 0x20);
    std::string line = method + " " + std::string(route.path);
    for (const std::string_view name : std::set<std::string_view>(route.parameters.begin(), route.parameters.end()))
      line += " " + std::string(name);
    known.insert(line + " " + std::string(access::name_of(route.permission)));
  }
  CHECK(described == known);
}

}  // namespace hub::console
