// The one catalogue of errors (schemas/errors.json): codes, texts in both languages, retryable or not.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hub/base/result.hpp"

namespace hub {

enum class Language { vietnamese, english };

struct ErrorTexts {
  std::string_view title, reason, action;  // with {name} where a fact goes
};

struct CatalogueEntry {
  std::string_view code;  // as on the wire: "agreement-not-in-force"
  bool retryable;         // the same bytes may be accepted later
  ErrorTexts vietnamese, english;
};

std::span<const CatalogueEntry> error_catalogue();
const CatalogueEntry& catalogue_entry(ErrorCode code);
inline std::string_view code_text(ErrorCode code) { return catalogue_entry(code).code; }
std::optional<ErrorCode> error_code(std::string_view text);

// A text of the catalogue with its {name}s filled from the facts; one without a fact stays "?".
std::string fill(std::string_view text, const std::vector<Fact>& facts);

// "title: reason. action" in one language, for logs and terminals.
std::string describe(const Error& error, Language language);

}  // namespace hub
