#include "hub/registry/schema_annotations.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hub::registry {
namespace {

constexpr std::string_view kAnnotations[] = {"$schema",  "$id",     "title",   "description",
                                             "examples", "default", "$comment"};

}  // namespace

bool is_annotation(std::string_view keyword) {
  return std::find(std::begin(kAnnotations), std::end(kAnnotations), keyword) != std::end(kAnnotations);
}

nlohmann::json without_annotations(const nlohmann::json& schema) {
  if (!schema.is_object()) return schema;
  nlohmann::json out = nlohmann::json::object();
  for (const auto& [keyword, value] : schema.items()) {
    if (is_annotation(keyword)) continue;
    if (keyword == "properties") {  // its members are fields, whatever they are called
      for (const auto& [name, field] : value.items()) out[keyword][name] = without_annotations(field);
    } else {
      out[keyword] = keyword == "items" || keyword == "additionalProperties" ? without_annotations(value) : value;
    }
  }
  return out;
}

}  // namespace hub::registry
