// What changes from one version of a type's schema to another, and for whom it breaks. On the safe side: a change that
// can't be judged breaks both.
//
// Threads: a free function. Not on the way of a document.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/registry/type.hpp"

namespace hub::registry {

struct SchemaChange {
  std::string pointer;  // into the data: "/case_ref"; "/tasks/*/name" in each item; "/" the data as a whole
  std::string vietnamese, english;
  bool breaks_senders = false;     // the new one refuses what the old one lets through
  bool breaks_recipients = false;  // who knows the old one refuses what the new one lets through
};

// In the order of the schemas, fields by name; empty when both say the same. schema_invalid.
Result<std::vector<SchemaChange>> diff_schemas(const nlohmann::json& before, const nlohmann::json& after);

// The same for what a type's file says besides its schema: a subject that becomes fixed, attachments that are permitted no
// longer.
std::vector<SchemaChange> diff_types(const Type& before, const Type& after);

}  // namespace hub::registry
