// The filters of reports and of the audit as names and texts, like those of filter_text.hpp.
#pragma once

#include "hub/ledger/audit.hpp"
#include "hub/ledger/filter_text.hpp"
#include "hub/ledger/overreach.hpp"
#include "hub/ledger/sendings.hpp"

namespace hub::ledger {

std::span<const std::string_view> sending_parameters();
std::span<const std::string_view> overreach_parameters();
std::span<const std::string_view> audit_parameters();

// As of the other filters: nothing when all is well, else what is wrong with the text.
std::optional<std::string> set(SendingFilter& filter, std::string_view name, const std::string& text);
std::optional<std::string> set(OverreachQuestion& question, std::string_view name, const std::string& text);
std::optional<std::string> set(AuditFilter& filter, std::string_view name, const std::string& text);

NamedTexts texts_of(const SendingFilter& filter);
NamedTexts texts_of(const OverreachQuestion& question);
NamedTexts texts_of(const AuditFilter& filter);

}  // namespace hub::ledger
