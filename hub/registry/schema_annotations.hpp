// Keywords that say something to people and nothing to the validator. Internal to the schema's and types' files.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace hub::registry {

// $schema, $id, title, description, examples, default, $comment.
bool is_annotation(std::string_view keyword);

// What is left of a schema that compiles: two that are equal here let the same values through.
nlohmann::json without_annotations(const nlohmann::json& schema);

}  // namespace hub::registry
