#include "hub/base/error_json.hpp"

#include <nlohmann/json.hpp>

#include "hub/base/error_catalogue.hpp"

namespace hub {
namespace {

nlohmann::ordered_json texts_json(const ErrorTexts& texts, const std::vector<Fact>& facts) {
  return {{"title", texts.title}, {"reason", fill(texts.reason, facts)}, {"action", fill(texts.action, facts)}};
}

}  // namespace

nlohmann::ordered_json to_json(const Error& error) {
  const CatalogueEntry& entry = catalogue_entry(error.code);
  nlohmann::ordered_json facts = nlohmann::ordered_json::object();
  for (const Fact& fact : error.facts) facts[fact.name] = fact.value;
  return {{"code", entry.code},
          {"retryable", entry.retryable},
          {"facts", facts},
          {"vi", texts_json(entry.vietnamese, error.facts)},
          {"en", texts_json(entry.english, error.facts)}};
}

}  // namespace hub
