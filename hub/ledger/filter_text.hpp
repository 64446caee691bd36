// Filters as names and texts: the parameters of the HTTP API, and what hubctl sends to it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hub/ledger/queries.hpp"

namespace hub::ledger {

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

std::span<const std::string_view> document_parameters();
std::span<const std::string_view> delivery_parameters();
std::span<const std::string_view> period_parameters();

// The name is one of those above. Nothing when all is well, else what is wrong with the text.
std::optional<std::string> set(DocumentFilter& filter, std::string_view name, const std::string& text);
std::optional<std::string> set(DeliveryFilter& filter, std::string_view name, const std::string& text);
std::optional<std::string> set(Period& period, std::string_view name, const std::string& text);

// What `set` makes the same filter of.
NamedTexts texts_of(const DocumentFilter& filter);
NamedTexts texts_of(const DeliveryFilter& filter);

// A date or an RFC 3339 time. Of a date its first moment in Vietnam, or with `end` that of the next day.
std::optional<UnixMicros> parse_bound(std::string_view text, bool end);

}  // namespace hub::ledger
