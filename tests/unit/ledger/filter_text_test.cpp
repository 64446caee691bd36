#include "hub/ledger/filter_text.hpp"

#include <catch2/catch.hpp>
#include <map>

namespace hub::ledger {
namespace {

template <class Filter>
void check_round_trip(const NamedTexts& texts, std::span<const std::string_view> names) {
  CHECK(texts.size() == names.size());  // each parameter once
  Filter filter;
  for (const auto& [name, text] : texts) {
    CAPTURE(name, text);
    CHECK_FALSE(set(filter, name, text).has_value());
  }
  const NamedTexts again = texts_of(filter);
  CHECK(std::map<std::string, std::string>(again.begin(), again.end()) ==
        std::map<std::string, std::string>(texts.begin(), texts.end()));
}

}  // namespace

TEST_CASE("every parameter of a list comes back as the text that it was set from") {
  check_round_trip<DocumentFilter>({{"party", "a"}, {"sender", "b"}, {"recipient", "c"}, {"type", "d/1"},
                                    {"agreement", "e"}, {"clause", "f"}, {"unneeded", "h"}, {"state", "pending"},
                                    {"code", "no-agreement"}, {"text", "xét xử"}, {"case", "15/2022"},
                                    {"conversation", "g"}, {"accepted", "false"}, {"late", "true"}, {"urgency", "4"},
                                    {"from", "2024-03-12T01:00:00.000000Z"}, {"until", "2024-03-13T01:00:00.000000Z"},
                                    {"before", "12"}, {"limit", "1000"}},
                                   document_parameters());
  check_round_trip<DeliveryFilter>({{"party", "a"}, {"sender", "b"}, {"recipient", "c"}, {"endpoint", "d"},
                                    {"type", "e"}, {"state", "failed"}, {"cause", "f"},
                                    {"from", "2024-03-12T01:00:00.000000Z"}, {"until", "2024-03-13T01:00:00.000000Z"},
                                    {"before", "12"}, {"limit", "1"}},
                                   delivery_parameters());
}

TEST_CASE("a text that can't be is refused with what it should be") {
  DocumentFilter filter;
  for (const auto& [name, text] : NamedTexts{{"limit", "0"}, {"limit", "1001"}, {"limit", "+5"}, {"limit", ""},
                                             {"before", "-1"}, {"before", "x"}, {"urgency", "5"}, {"urgency", "12"},
                                             {"accepted", "yes"}, {"from", "12/03/2024"}, {"until", ""}, {"party", ""},
                                             {"text", std::string(kFilterBytesMax + 1, 'x')}}) {
    CAPTURE(name, text);
    CHECK(set(filter, name, text).has_value());
  }
  CHECK_FALSE(set(filter, "text", std::string(kFilterBytesMax, 'x')).has_value());
}

TEST_CASE("a date as the end of a span takes the whole day in") {
  CHECK(parse_bound("2024-03-12", false) == parse_rfc3339("2024-03-12T00:00:00+07:00"));
  CHECK(parse_bound("2024-03-12", true) == parse_rfc3339("2024-03-13T00:00:00+07:00"));
  CHECK(parse_bound("2024-03-12T08:00:00+07:00", true) == parse_rfc3339("2024-03-12T01:00:00Z"));
}

}  // namespace hub::ledger
