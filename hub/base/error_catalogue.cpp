#include "hub/base/error_catalogue.hpp"

#include <algorithm>
#include <array>

namespace hub {
namespace {

constexpr CatalogueEntry kEntries[] = {
#include "error_catalogue.inc"
};

}  // namespace

std::span<const CatalogueEntry> error_catalogue() { return kEntries; }

const CatalogueEntry& catalogue_entry(ErrorCode code) { return kEntries[static_cast<std::size_t>(code)]; }

std::optional<ErrorCode> error_code(std::string_view text) {
  for (std::size_t i = 0; i < std::size(kEntries); ++i)
    if (kEntries[i].code == text) return static_cast<ErrorCode>(i);
  return std::nullopt;
}

std::string fill(std::string_view text, const std::vector<Fact>& facts) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) return out.append(text);
    out.append(text.substr(0, open));
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto fact = std::find_if(facts.begin(), facts.end(), [&](const Fact& f) { return f.name == name; });
    out.append(fact == facts.end() ? "?" : std::string_view(fact->value));
    text.remove_prefix(close + 1);
  }
  return out;
}

std::string describe(const Error& error, Language language) {
  const CatalogueEntry& entry = catalogue_entry(error.code);
  const ErrorTexts& texts = language == Language::vietnamese ? entry.vietnamese : entry.english;
  std::string out(texts.title);
  out.append(" (").append(entry.code).append("): ");
  out.append(fill(texts.reason, error.facts)).append(" ").append(fill(texts.action, error.facts));
  return out;
}

}  // namespace hub
