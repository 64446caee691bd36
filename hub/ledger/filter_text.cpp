#include "hub/ledger/filter_text.hpp"

#include <array>
#include <charconv>

namespace hub::ledger {
namespace {

template <class Filter>
struct TextMember {
  std::string_view name;
  std::optional<std::string> Filter::*member;
};

constexpr TextMember<DocumentFilter> kDocumentTexts[] = {{"party", &DocumentFilter::party},
                                                         {"sender", &DocumentFilter::sender},
                                                         {"recipient", &DocumentFilter::recipient},
                                                         {"type", &DocumentFilter::type},
                                                         {"agreement", &DocumentFilter::agreement},
                                                         {"clause", &DocumentFilter::clause},
                                                         {"unneeded", &DocumentFilter::unneeded},
                                                         {"state", &DocumentFilter::state},
                                                         {"code", &DocumentFilter::code},
                                                         {"text", &DocumentFilter::text},
                                                         {"case", &DocumentFilter::case_reference},
                                                         {"conversation", &DocumentFilter::conversation}};
constexpr TextMember<DeliveryFilter> kDeliveryTexts[] = {
    {"party", &DeliveryFilter::party},         {"sender", &DeliveryFilter::sender},
    {"recipient", &DeliveryFilter::recipient}, {"endpoint", &DeliveryFilter::endpoint},
    {"type", &DeliveryFilter::type},           {"state", &DeliveryFilter::state},
    {"cause", &DeliveryFilter::cause}};

constexpr std::string_view kDocumentNames[] = {"party", "sender", "recipient",    "type",     "agreement",
                                              "clause", "unneeded", "state",     "code",     "text",
                                              "case", "conversation", "accepted", "late", "urgency",
                                              "from", "until", "before", "limit"};
constexpr std::string_view kDeliveryNames[] = {"party", "sender", "recipient", "endpoint", "type", "state",
                                               "cause", "from",   "until",     "before",   "limit"};

constexpr std::string_view kPeriodNames[] = {"from", "until"};

template <class Number>
bool parse_number(const std::string& text, Number& out) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && stopped == end;
}

template <class Filter>
std::optional<std::string> set_time(Filter& filter, std::string_view name, const std::string& text) {
  const auto time = parse_bound(text, name == "until");
  if (!time) return "a date such as 2024-03-12 or a time such as 2024-03-12T08:00:00+07:00";
  (name == "from" ? filter.from : filter.until) = *time;
  return std::nullopt;
}

template <class Filter, std::size_t kCount>
std::optional<std::string> set_common(Filter& filter, const TextMember<Filter> (&members)[kCount],
                                      std::string_view name, const std::string& text) {
  for (const auto& [known, member] : members) {
    if (known != name) continue;
    if (text.empty() || text.size() > kFilterBytesMax) return "1 to " + std::to_string(kFilterBytesMax) + " bytes";
    filter.*member = text;
    return std::nullopt;
  }
  if (name == "from" || name == "until") return set_time(filter, name, text);
  if (name == "before") {
    std::uint64_t position = 0;
    if (!parse_number(text, position)) return "a position in the journal";
    filter.before = Position(position);
  } else if (name == "limit") {
    if (!parse_number(text, filter.limit) || filter.limit < 1 || filter.limit > kPageMax)
      return "1 to " + std::to_string(kPageMax);
  }
  return std::nullopt;
}

template <class Filter, std::size_t kCount>
NamedTexts texts_of_common(const Filter& filter, const TextMember<Filter> (&members)[kCount]) {
  NamedTexts out;
  for (const auto& [name, member] : members)
    if (filter.*member) out.emplace_back(name, *(filter.*member));
  if (filter.from) out.emplace_back("from", format_rfc3339(*filter.from));
  if (filter.until) out.emplace_back("until", format_rfc3339(*filter.until));
  if (filter.before) out.emplace_back("before", std::to_string(filter.before->value));
  out.emplace_back("limit", std::to_string(filter.limit));
  return out;
}

}  // namespace

std::span<const std::string_view> document_parameters() { return kDocumentNames; }
std::span<const std::string_view> delivery_parameters() { return kDeliveryNames; }
std::span<const std::string_view> period_parameters() { return kPeriodNames; }

std::optional<std::string> set(DocumentFilter& filter, std::string_view name, const std::string& text) {
  if (name == "accepted" || name == "late") {
    if (text != "true" && text != "false") return "true or false";
    (name == "late" ? filter.late : filter.accepted) = text == "true";
  } else if (name == "urgency") {
    if (text.size() != 1 || text[0] < '0' || text[0] > '4') return "0 to 4";
    filter.urgency = static_cast<std::uint8_t>(text[0] - '0');
  } else {
    return set_common(filter, kDocumentTexts, name, text);
  }
  return std::nullopt;
}

std::optional<std::string> set(DeliveryFilter& filter, std::string_view name, const std::string& text) {
  return set_common(filter, kDeliveryTexts, name, text);
}

std::optional<std::string> set(Period& period, std::string_view name, const std::string& text) {
  return set_time(period, name, text);
}

NamedTexts texts_of(const DocumentFilter& filter) {
  NamedTexts out = texts_of_common(filter, kDocumentTexts);
  if (filter.accepted) out.emplace_back("accepted", *filter.accepted ? "true" : "false");
  if (filter.late) out.emplace_back("late", *filter.late ? "true" : "false");
  if (filter.urgency) out.emplace_back("urgency", std::to_string(*filter.urgency));
  return out;
}

NamedTexts texts_of(const DeliveryFilter& filter) { return texts_of_common(filter, kDeliveryTexts); }

std::optional<UnixMicros> parse_bound(std::string_view text, bool end) {
  if (const auto date = parse_date(text)) return start_of(end ? date->next() : *date);
  return parse_rfc3339(text);
}

}  // namespace hub::ledger
