#include "adapters/edxml/mapping_rule.hpp"

#include <re2/re2.h>

#include <charconv>

#include "adapters/edxml/dates.hpp"
#include "adapters/edxml/header_element.hpp"
#include "adapters/edxml/refusal.hpp"
#include "adapters/edxml/words.hpp"

namespace hub::edxml {
namespace {

using Json = nlohmann::json;

bool capture(const re2::RE2& pattern, const std::string& text, Captures& to) {
  const int groups = pattern.NumberOfCapturingGroups();
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(groups) + 1);
  if (!pattern.Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(), groups + 1)) return false;
  for (const auto& [name, group] : pattern.NamedCapturingGroups()) {
    const re2::StringPiece piece = found[static_cast<std::size_t>(group)];
    to[name] = piece.data() ? std::string(piece.data(), piece.size()) : "";
  }
  return true;
}

std::optional<bool> truth(const std::string& text) {
  const std::string word = folded(text);
  if (word == "co" || word == "true" || word == "1" || word == "dung") return true;
  if (word == "khong" || word == "false" || word == "0" || word == "sai") return false;
  return std::nullopt;
}

// `text` in the form that the rule asks for; null when it can't have it.
Json formed(const ValueRule& rule, std::string text) {
  if (!rule.words.empty()) {
    const std::string word = folded(text);
    bool known = false;
    for (const auto& [from, to] : rule.words)
      if (from == word) text = to, known = true;
    if (!known) return nullptr;
  }
  switch (rule.as) {
    case ValueRule::As::text:
      return text;
    case ValueRule::As::date: {
      const auto date = parse_edxml_date(text);
      return date ? Json(format_date(*date)) : Json();
    }
    case ValueRule::As::integer: {
      std::int64_t out = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
      return error == std::errc() && end == text.data() + text.size() ? Json(out) : Json();
    }
    case ValueRule::As::boolean: {
      const auto value = truth(text);
      return value ? Json(*value) : Json();
    }
  }
  return nullptr;
}

}  // namespace

std::optional<Captures> match(const Mapping& mapping, const Message& message) {
  Captures out;
  for (const Condition& condition : mapping.conditions)
    if (!capture(*condition.pattern, header_element(message, condition.element), out)) return std::nullopt;
  return out;
}

Result<Json> fill_data(const Mapping& mapping, const Message& message, const Captures& captures) {
  Json out = Json::object();
  for (const ValueRule& rule : mapping.values) {
    if (rule.source == ValueRule::Source::constant) {
      out[rule.field] = rule.constant;
      continue;
    }
    const bool element = rule.source == ValueRule::Source::element;
    const std::string text = element ? header_element(message, rule.name) : captures.at(rule.name);
    if (text.empty() && rule.optional) continue;
    Json value = text.empty() ? Json() : formed(rule, text);
    if (value.is_null())
      return refuse(message.subject_line,
                    "quy tắc " + mapping.name + " không lấy được " + rule.field + " từ \"" + text + "\"",
                    "mapping " + mapping.name + " gets no " + rule.field + " from \"" + text + "\"");
    out[rule.field] = std::move(value);
  }
  return out;
}

}  // namespace hub::edxml
