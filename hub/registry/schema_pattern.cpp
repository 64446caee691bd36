#include "hub/registry/schema_pattern.hpp"

namespace hub::registry {
namespace {

// WhiteSpace and LineTerminator of ECMA-262, as they stand within brackets.
constexpr std::string_view kSpace = R"(\t-\r\x{feff}\pZ)";
constexpr std::string_view kLineEnd = R"(\n\r\x{2028}\x{2029})";

// Letters after a backslash that mean the same in both.
constexpr std::string_view kSharedEscapes = "dDwWbBfnrtvxpP";

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::optional<std::string> re2_pattern(std::string_view pattern) {
  std::string out;
  bool in_brackets = false;
  const auto class_of = [&](std::string_view open, std::string_view members) {
    out.append(in_brackets ? "" : open).append(members).append(in_brackets ? "" : "]");
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (rest.starts_with("\\s")) {
      class_of("[", kSpace);
      ++i;
    } else if (rest.starts_with("\\S")) {
      if (in_brackets) return std::nullopt;
      class_of("[^", kSpace);
      ++i;
    } else if (rest.starts_with("(?") && !in_brackets && !rest.starts_with("(?:")) {
      return std::nullopt;  // flags and names, which the two write differently
    } else if (rest.starts_with("{,") && !in_brackets) {
      return std::nullopt;  // a repeat for one, text for the other
    } else if (rest.starts_with('\\')) {
      if (rest.size() > 1 && is_alphanumeric(rest[1]) && kSharedEscapes.find(rest[1]) == kSharedEscapes.npos)
        return std::nullopt;
      if (rest.starts_with("\\x{")) return std::nullopt;
      out.append(rest.substr(0, 2));
      ++i;
    } else if (rest.starts_with('.') && !in_brackets) {
      class_of("[^", kLineEnd);
    } else {
      if (rest.starts_with("[]") || rest.starts_with("[^]") || (in_brackets && rest.starts_with("[:")))
        return std::nullopt;
      if (rest.starts_with('[')) in_brackets = true;
      if (rest.starts_with(']')) in_brackets = false;
      out.push_back(rest.front());
    }
  }
  return out;
}

}  // namespace hub::registry
