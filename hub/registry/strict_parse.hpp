// Configuration and documents as text: YAML for what people write, JSON for what programs write, both into one strict
// JSON value with the place of every part, so that a mistake found later is still reported with line and column.
//
// Refused: duplicate keys (both libraries accept them), invalid UTF-8, nesting deeper than kConfigurationDepthMax; in
// YAML also anchors, aliases, tags, keys that are no strings, a second document. Quoted YAML scalars are strings, plain
// ones follow the YAML 1.2 core schema; dates stay strings. Floats are kept: who must not have them refuses them.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::registry {

struct Mark {
  std::uint32_t line = 1, column = 1;
};

// A semantic mistake: where (a JSON Pointer) and what.
struct Mistake {
  std::string pointer, reason;
};

// What is wrong with a text, in the order in which it was found. A part has one mistake: what would be said of it later
// follows from the first.
class Fault {
 public:
  bool found() const { return !mistakes_.empty(); }
  void set(std::string at, std::string what) {
    for (const Mistake& known : mistakes_)
      if (known.pointer == at) return;
    mistakes_.push_back({std::move(at), std::move(what)});
  }
  const Mistake& first() const { return mistakes_.front(); }
  const std::vector<Mistake>& all() const { return mistakes_; }

 private:
  std::vector<Mistake> mistakes_;
};

// Where the parts of a parsed text stand.
class Marks {
 public:
  explicit Marks(std::string file) : file_(std::move(file)) {}
  void add(std::string pointer, Mark mark) { marks_.insert_or_assign(std::move(pointer), mark); }
  // The mark of what `pointer` names, or of the nearest part around it.
  Mark find(std::string_view pointer) const;
  // config_invalid with file, line, column, path, reason.
  Error invalid(const Mistake& mistake) const;
  Error invalid(const Fault& fault) const { return invalid(fault.first()); }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::map<std::string, Mark, std::less<>> marks_;
};

// Both: config_invalid on what is refused; `file` is for messages.
Result<Marks> parse_yaml_strict(std::string_view text, std::string file, nlohmann::json& out);
Result<Marks> parse_json_strict(std::string_view text, std::string file, nlohmann::json& out);

// RFC 6901: `pointer` with one more part.
std::string child_pointer(std::string_view pointer, std::string_view key);
std::string child_pointer(std::string_view pointer, std::size_t index);
// RFC 6901: the pointer that an error tells in that fact; there the whole value is "/".
std::string pointer_in(const Error& error, std::string_view fact = "pointer");

}  // namespace hub::registry
