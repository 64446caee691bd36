// A mapping file: how a kind of edXML message without hub-data.json becomes a typed document.
//
//   mapping: ket-qua-xet-xu
//   type: trial-result-report/2
//   when:                                     # all must match; RE2, anywhere in the element's text
//     DocumentType/TypeName: "(?i)^báo cáo$"
//     Subject: "(?i)kết quả xét xử .*bản án số (?P<so>\\S+), ngày (?P<ngay>\\d+/\\d+/\\d+)"
//   data:
//     judgment_no: {capture: so}
//     judgment_date: {capture: ngay, as: date}
//     case_kind: {constant: corruption}
//     outcome: {element: Content}
//   subject: "Kết quả xét xử theo bản án số {judgment_no}, ngày {judgment_date}"    # absent: the header's
//   attachments: leave-out                    # absent: carry
//
// Members of a value: one of `element`, `capture`, `constant`; with the first two `as` (text, date, integer, boolean),
// `words` (a map of what may stand there, compared without regard to case, to what it means) and `optional`.
//
// Threads: immutable once read.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/registry/subject.hpp"

namespace re2 {
class RE2;
}

namespace hub::edxml {

struct ValueRule {
  enum class Source : std::uint8_t { element, capture, constant };
  enum class As : std::uint8_t { text, date, integer, boolean };

  std::string field;  // of the type's data
  Source source{};
  std::string name;         // of the element or capture
  nlohmann::json constant;  // a text, an integer or a boolean
  As as = As::text;
  std::vector<std::pair<std::string, std::string>> words;  // folded text, what it means
  bool optional = false;
};

struct Condition {
  std::string element;
  std::shared_ptr<const re2::RE2> pattern;  // immutable, so that mappings may be copied
};

struct Mapping {
  std::string name, type, file;
  std::vector<Condition> conditions;
  std::vector<ValueRule> values;
  std::optional<registry::SubjectTemplate> subject;
  bool carry_attachments = true;
};

// config_invalid (file, line, column, path, reason).
Result<Mapping> parse_mapping(std::string_view text, const std::string& file);
// Every *.yaml of a folder, by name: that is the order in which they are tried. io_failed too, and config_invalid when
// two have one name.
Result<std::vector<Mapping>> read_mappings(const std::string& folder);

}  // namespace hub::edxml
