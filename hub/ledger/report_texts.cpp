#include "hub/ledger/report_texts.hpp"

#include <algorithm>
#include <charconv>

namespace hub::ledger {
namespace {

using FilterError = std::optional<std::string>;  // what is wrong with a text

template <class Filter>
struct NamedText {
  std::string_view name;
  std::optional<std::string> Filter::*member;
};

constexpr NamedText<SendingFilter> kSendingTexts[] = {
    {"party", &SendingFilter::party},         {"sender", &SendingFilter::sender},
    {"recipient", &SendingFilter::recipient}, {"agreement", &SendingFilter::agreement},
    {"clause", &SendingFilter::clause},       {"outcome", &SendingFilter::outcome}};
constexpr NamedText<AuditFilter> kAuditTexts[] = {{"kind", &AuditFilter::kind},
                                                  {"action", &AuditFilter::action},
                                                  {"actor", &AuditFilter::actor},
                                                  {"party", &AuditFilter::party}};

constexpr std::string_view kSendingNames[] = {"party",   "sender",  "recipient", "agreement",     "clause", "outcome",
                                              "reached", "from",    "until",     "from_position", "before", "limit"};
constexpr std::string_view kOverreachNames[] = {"party", "from", "until"};
constexpr std::string_view kAuditNames[] = {"kind", "action", "actor",  "party", "document",
                                            "from", "until",  "before", "limit"};

FilterError set_text(std::optional<std::string>& out, const std::string& text) {
  if (text.empty() || text.size() > kFilterBytesMax) return "1 to " + std::to_string(kFilterBytesMax) + " bytes";
  out = text;
  return std::nullopt;
}

FilterError set_position(std::optional<Position>& out, const std::string& text) {
  std::uint64_t position = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, position);
  if (error != std::errc() || stopped != end) return "a position in the journal";
  out = Position(position);
  return std::nullopt;
}

FilterError set_limit(std::size_t& out, const std::string& text, std::size_t max) {
  const char* end = text.data() + text.size();
  std::size_t limit = 0;
  const auto [stopped, error] = std::from_chars(text.data(), end, limit);
  if (error != std::errc() || stopped != end || limit < 1 || limit > max) return "1 to " + std::to_string(max);
  out = limit;
  return std::nullopt;
}

FilterError set_bound(std::optional<UnixMicros>& out, const std::string& text, bool end) {
  out = parse_bound(text, end);
  return out ? FilterError() : "a date such as 2024-03-12 or a time such as 2024-03-12T08:00:00+07:00";
}

FilterError one_of(const std::optional<std::string>& value, const std::vector<std::string>& known) {
  if (!value || std::find(known.begin(), known.end(), *value) != known.end()) return std::nullopt;
  std::string list;
  for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
  return "one of: " + list;
}

// Several, separated by commas.
FilterError set_marks(std::vector<std::string>& out, const std::string& text) {
  const auto& known = sending_marks();
  out.clear();
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    out.push_back(text.substr(start, end - start));
    if (std::find(known.begin(), known.end(), out.back()) == known.end())
      return "one or several of: delivered, answered, replayed, read";
    start = end + 1;
  }
  return std::nullopt;
}

template <class Filter>
void add_times(NamedTexts& out, const Filter& filter) {
  if (filter.from) out.emplace_back("from", format_rfc3339(*filter.from));
  if (filter.until) out.emplace_back("until", format_rfc3339(*filter.until));
}

void add_position(NamedTexts& out, const char* name, const std::optional<Position>& position) {
  if (position) out.emplace_back(name, std::to_string(position->value));
}

}  // namespace

std::span<const std::string_view> sending_parameters() { return kSendingNames; }
std::span<const std::string_view> overreach_parameters() { return kOverreachNames; }
std::span<const std::string_view> audit_parameters() { return kAuditNames; }

FilterError set(SendingFilter& filter, std::string_view name, const std::string& text) {
  if (name == "from") return set_bound(filter.from, text, /*end=*/false);
  if (name == "until") return set_bound(filter.until, text, /*end=*/true);
  if (name == "from_position") return set_position(filter.from_position, text);
  if (name == "before") return set_position(filter.before, text);
  if (name == "limit") return set_limit(filter.limit, text, kSendingsMax);
  if (name == "reached") return set_marks(filter.reached, text);
  for (const auto& [known, member] : kSendingTexts)
    if (known == name) return set_text(filter.*member, text);
  return std::nullopt;
}

FilterError set(OverreachQuestion& question, std::string_view name, const std::string& text) {
  if (name == "from") return set_bound(question.from, text, /*end=*/false);
  if (name == "until") return set_bound(question.until, text, /*end=*/true);
  std::optional<std::string> party;
  if (auto wrong_text = set_text(party, text)) return wrong_text;
  question.party = *party;
  return std::nullopt;
}

FilterError set(AuditFilter& filter, std::string_view name, const std::string& text) {
  if (name == "from") return set_bound(filter.from, text, /*end=*/false);
  if (name == "until") return set_bound(filter.until, text, /*end=*/true);
  if (name == "document") return set_position(filter.document, text);
  if (name == "before") return set_position(filter.before, text);
  if (name == "limit") return set_limit(filter.limit, text, kAuditPageMax);
  for (const auto& [known, member] : kAuditTexts)
    if (known == name)
      if (auto wrong_text = set_text(filter.*member, text)) return wrong_text;
  return name == "kind" ? one_of(filter.kind, audit_kinds()) : std::nullopt;
}

NamedTexts texts_of(const SendingFilter& filter) {
  NamedTexts out;
  for (const auto& [name, member] : kSendingTexts)
    if (filter.*member) out.emplace_back(name, *(filter.*member));
  std::string marks;
  for (const std::string& mark : filter.reached) marks += (marks.empty() ? "" : ",") + mark;
  if (!marks.empty()) out.emplace_back("reached", marks);
  add_times(out, filter);
  add_position(out, "from_position", filter.from_position);
  add_position(out, "before", filter.before);
  if (filter.limit != kSendingsMax) out.emplace_back("limit", std::to_string(filter.limit));
  return out;
}

NamedTexts texts_of(const OverreachQuestion& question) {
  NamedTexts out = {{"party", question.party}};
  add_times(out, question);
  return out;
}

NamedTexts texts_of(const AuditFilter& filter) {
  NamedTexts out;
  for (const auto& [name, member] : kAuditTexts)
    if (filter.*member) out.emplace_back(name, *(filter.*member));
  add_position(out, "document", filter.document);
  add_times(out, filter);
  add_position(out, "before", filter.before);
  out.emplace_back("limit", std::to_string(filter.limit));
  return out;
}

}  // namespace hub::ledger
