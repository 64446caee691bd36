// Builds a JSON value from the events of a parser, with marks; shared by the YAML and the JSON side of strict_parse.
// Included by their .cpp files alone, as it needs the JSON library's header.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "hub/registry/strict_parse.hpp"

namespace hub::registry {

class TreeBuilder {
 public:
  TreeBuilder(nlohmann::json& root, std::string file) : root_(root), marks_(std::move(file)) {}

  // Each returns false once something is refused; error() then says what.
  bool value(nlohmann::json scalar, Mark mark);
  bool begin(nlohmann::json container, Mark mark);
  bool key(std::string name, Mark mark);
  bool end();

  bool expects_key() const { return !open_.empty() && open_.back().value->is_object() && !open_.back().has_key; }
  bool refuse(Mark mark, std::string reason);
  bool failed() const { return error_.has_value(); }
  const Error& error() const { return *error_; }
  Marks& marks() { return marks_; }

 private:
  struct Open {
    nlohmann::json* value;
    std::string pointer, key;
    bool has_key = false;
  };
  nlohmann::json* place(nlohmann::json what, Mark mark, std::string& pointer);

  nlohmann::json& root_;
  Marks marks_;
  std::vector<Open> open_;
  std::optional<Error> error_;
};

}  // namespace hub::registry
