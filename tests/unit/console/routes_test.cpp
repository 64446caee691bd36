#include "hub/console/routes.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "hub/registry/strict_parse.hpp"

namespace hub::console {
namespace {

constexpr std::string_view kToken = "0123456789abcdef";

Request request(std::string_view path, std::string_view method = "GET", std::string_view token = kToken) {
  Request out;
  out.method = method;
  out.path = path;
  out.authorization = "Bearer " + std::string(token);
  return out;
}

// A path that the route matches.
std::string example(const Route& route) {
  const std::size_t brace = route.path.find('{');
  return std::string(route.path.substr(0, brace)) + (brace == route.path.npos ? "" : "17");
}

unsigned status(const Request& asked) {
  const auto call = find_route(asked, kToken);
  return call ? 200 : call.error().status;
}

}  // namespace

TEST_CASE("every route is found by its path and method, with the token") {
  for (const Route& route : routes()) {
    CAPTURE(route.path);
    const auto call = find_route(request(example(route), route.method), kToken);
    REQUIRE(call.has_value());
    CHECK(call->route == route.id);
    CHECK(call->item == (route.path.find('{') == route.path.npos ? "" : "17"));
  }
}

TEST_CASE("without the token or with another one every route but the open ones is 401") {
  for (const Route& route : routes()) {
    CAPTURE(route.path);
    for (const char* token : {"", "0123456789abcdee", "0123456789abcdef0"}) {
      const auto call = find_route(request(example(route), route.method, token), kToken);
      CHECK(call.has_value() == route.open);
      if (!call) {
        CHECK(call.error().status == 401);
        CHECK(call.error().headers == std::vector<std::pair<std::string, std::string>>{{"WWW-Authenticate", "Bearer"}});
      }
    }
  }
}

TEST_CASE("another method is 405 and says which are taken") {
  for (const Route& route : routes()) {
    const auto call = find_route(request(example(route), "DELETE"), kToken);
    REQUIRE_FALSE(call.has_value());
    CHECK(call.error().status == 405);
    CHECK(call.error().headers.at(0).first == "Allow");
  }
}

TEST_CASE("a path that is no route's is 404, however it is written") {
  for (const char* path : {"", "//", "/console", "/console/", "/console/a/b", "*", "/metrics/", "/metricsx", "//metrics", "/api/v1/../../metrics", "/%6detrics",
                           "/../../etc/passwd", "/healthz/..", "http://x/metrics", "/api/v1", "/api/v1/status%00"})
    CHECK(status(request(path)) == 404);
}

TEST_CASE("an unknown parameter is 400 and named") {
  Request asked = request("/metrics");
  asked.query = "nam%65=x";
  const auto call = find_route(asked, kToken);
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
      if (operation.contains("security") && operation["security"].empty()) line += " open";
      described.insert(line);
      for (const char* code : {"400", "401"})
        if (!line.ends_with(" open")) CHECK(operation["responses"].contains(code));
    }
  for (const Route& route : routes()) {
    std::string method(route.method);
    for (char& letter : method) letter = static_cast<char>(letter | 0x20);
    std::string line = method + " " + std::string(route.path);
    for (const std::string_view name : std::set<std::string_view>(route.parameters.begin(), route.parameters.end()))
      line += " " + std::string(name);
    known.insert(line + (route.open ? " open" : ""));
  }
  CHECK(described == known);
}

}  // namespace hub::console
