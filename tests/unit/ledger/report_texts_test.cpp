#include "hub/ledger/report_texts.hpp"

#include <catch2/catch.hpp>
#include <map>

namespace hub::ledger {
namespace {

template <class Filter>
void check_report_texts(const NamedTexts& texts, std::span<const std::string_view> names) {
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

TEST_CASE("every parameter of a report and of the audit comes back as the text that it was set from") {
  const std::string from = "2024-03-12T01:00:00.000000Z", until = "2024-03-13T01:00:00.000000Z";
  check_report_texts<SendingFilter>(
      {{"party", "a"}, {"sender", "b"}, {"recipient", "-"}, {"agreement", "c/d"}, {"clause", "-"}, {"outcome", "refused"},
       {"reached", "delivered,read"}, {"from", from}, {"until", until}, {"from_position", "7"}, {"before", "12"},
       {"limit", "9999"}},
      sending_parameters());
  check_report_texts<OverreachQuestion>({{"party", "a"}, {"from", from}, {"until", until}}, overreach_parameters());
  check_report_texts<AuditFilter>({{"kind", "body-read"}, {"action", "read"}, {"actor", "administrator:00"},
                                   {"party", "a"}, {"document", "7"}, {"from", from}, {"until", until},
                                   {"before", "12"}, {"limit", "1000"}},
                                  audit_parameters());
}

TEST_CASE("a text of a report that can't be is refused with what it should be") {
  SendingFilter sendings;
  for (const auto& [name, text] :
       NamedTexts{{"limit", "0"}, {"limit", "10001"}, {"before", "-1"}, {"from_position", ""}, {"reached", ""},
                  {"reached", "delivered,"}, {"reached", "lost"}, {"from", "12/03/2024"}, {"until", ""}, {"party", ""},
                  {"clause", std::string(kFilterBytesMax + 1, 'x')}}) {
    CAPTURE(name, text);
    CHECK(set(sendings, name, text).has_value());
  }
  CHECK_FALSE(set(sendings, "limit", "10000").has_value());
  CHECK_FALSE(set(sendings, "clause", std::string(kFilterBytesMax, 'x')).has_value());
  AuditFilter audit;
  for (const auto& [name, text] :
       NamedTexts{{"limit", "1001"}, {"kind", "probe-recorded"}, {"document", "x"}, {"actor", ""}, {"from", "x"}}) {
    CAPTURE(name, text);
    CHECK(set(audit, name, text).has_value());
  }
  OverreachQuestion question;
  CHECK(set(question, "party", "").has_value());
}

}  // namespace hub::ledger
