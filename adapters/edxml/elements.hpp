// The elements of edXML: which stand in which, and what each sets. An element is known by its name and the scope that
// it stands in; order does not matter. What is not known is read over.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/edxml/draft.hpp"

namespace hub::edxml {

using Check = std::optional<Error>;

enum class ElementKind : std::uint8_t {
  group,    // holds elements
  text,     // holds text
  lines,    // holds text of several lines
  content,  // holds base64
  dropped,  // persons, and what nobody needs
};

struct Element {
  std::string_view scope, name;
  ElementKind kind{};
  std::string_view opens = {};  // the scope of what stands in a group
  bool repeats = false;
  Check (*start)(Draft&, Line) = nullptr;
  Check (*text)(Draft&, std::string, Line) = nullptr;  // of a group: only when it has no elements
};

inline constexpr std::string_view kDocumentScope = "";  // where the root stands

const Element* find_element(std::string_view scope, std::string_view name);

}  // namespace hub::edxml
