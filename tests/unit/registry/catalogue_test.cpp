// The error catalogue, held against its own schema and its own promises.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "hub/base/error_catalogue.hpp"
#include "hub/registry/nfc.hpp"
#include "hub/registry/schema.hpp"

using namespace hub;
using Json = nlohmann::json;

namespace {

Json read(const char* name) {
  std::ifstream file(std::string(HUB_SOURCE_DIR "/schemas/") + name);
  return Json::parse(file);
}

std::set<std::string> names_in(const std::string& text) {
  std::set<std::string> out;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1))
    out.insert(text.substr(open + 1, text.find('}', open) - open - 1));
  return out;
}

}  // namespace

TEST_CASE("the error catalogue follows its schema") {
  const auto schema = registry::Schema::compile(read("errors.schema.json"), "errors");
  REQUIRE(schema);
  Json catalogue = read("errors.json");
  const auto valid = schema->validate(Json::to_msgpack(catalogue));
  if (!valid) FAIL(describe(valid.error(), Language::english));
}

TEST_CASE("every text is in NFC and names exactly the facts that its entry lists") {
  const Json catalogue = read("errors.json");
  CHECK(catalogue["errors"].size() == error_catalogue().size());
  for (const Json& entry : catalogue["errors"]) {
    INFO(entry["code"]);
    std::set<std::string> used;
    for (const char* language : {"vi", "en"}) {
      for (const auto& [part, text] : entry[language].items()) {
        CHECK(registry::nfc(text.get<std::string>()) == text.get<std::string>());
        used.merge(names_in(text));
      }
    }
    CHECK(used == entry["facts"].get<std::set<std::string>>());
  }
}

TEST_CASE("the compiled catalogue has the texts of the file") {
  const Json catalogue = read("errors.json");
  for (std::size_t i = 0; i < error_catalogue().size(); ++i) {
    const CatalogueEntry& entry = error_catalogue()[i];
    const Json& source = catalogue["errors"][i];
    CHECK(source["code"] == entry.code);
    CHECK(source["retryable"] == entry.retryable);
    CHECK(source["vi"]["reason"] == entry.vietnamese.reason);
    CHECK(source["en"]["action"] == entry.english.action);
    CHECK(error_code(entry.code) == static_cast<ErrorCode>(i));
  }
}
