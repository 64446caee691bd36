// A message type: one version of what may be sent, as its file in schemas/types describes it.
//
//   {"type": "petition-transfer/1", "label": {vi, en},
//    "kind": "notice",                                                   or "system"; absent: notice
//    "pre_trial": true,                                                  absent: false
//    "sensitive": true,                                                  absent: false
//    "subject": {"made_of": "Chuyển đơn số {petition_ref}", "fixed": true},   absent: any subject
//    "attachments": {"policy": "permitted", "count_max": 20, "bytes_max": 1048576},   or {"policy": "none"}, as if absent
//    "retention_months": 120,                                            absent: kRetentionMonthsDefault
//    "reads": {"routing": ["/data/place"], "duties": ["/data/due_on"],   absent: nothing
//              "case": ["/data/case_ref"]},                              absent: it names no case
//    "schema": {…}, "example": {…}, "counterexample": {…}}
//
// Threads: immutable after read_type.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hub/registry/attachment.hpp"
#include "hub/registry/schema.hpp"
#include "hub/registry/strict_parse.hpp"
#include "hub/registry/subject.hpp"

namespace hub::registry {

enum class TypeKind : std::uint8_t {
  notice,  // what parties have to say to each other
  system,  // about other documents: acknowledgement, refusal, recall
};

struct AttachmentPolicy {
  std::uint32_t count_max = 0;  // 0: none is permitted
  std::uint64_t bytes_max = 0;  // of all together
};

struct Type {
  std::string id;  // "trial-result-report/1"
  std::string label_vi, label_en;
  TypeKind kind = TypeKind::notice;
  bool pre_trial = false;  // about cases that were not tried yet: no clause may send it to the press
  bool sensitive = false;  // it is delivered again only when two administrators have signed
  std::optional<SubjectTemplate> subject;
  bool subject_fixed = false;  // else `subject` is a suggestion
  AttachmentPolicy attachments;
  std::optional<std::uint32_t> retention_months;  // its documents are kept, unless an agreement says another time
  std::vector<std::string> routing_reads, duty_reads;  // JSON Pointers into the document
  std::vector<std::string> case_reads;  // likewise, each a bounded text of `data`: numbers that its case goes by
  std::string schema_meaning;                          // canonical, without annotations: never changes in a version
  Schema schema;                                       // of `data`
};

constexpr const char* kind_name(TypeKind kind) { return kind == TypeKind::system ? "system" : "notice"; }

// attachments_not_permitted when a document of the type can't have so many, or so many bytes.
std::optional<Error> refuse_attachments(const Type& type, const AttachmentTotals& attachments);

// Checks a type's file or canonical text: an unknown key is refused, the schema is closed, lets the example through and
// refuses the counterexample, and every field that the other keys name is in it. config_invalid.
Result<Type> read_type(const nlohmann::json& value, const Marks& marks);

}  // namespace hub::registry
