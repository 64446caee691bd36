// Where a value was refused and why, in words. Cold: nothing here runs for a value that passes. Internal to the module.
#pragma once

#include <string>
#include <string_view>

#include "hub/base/result.hpp"
#include "hub/registry/schema_program.hpp"

namespace hub::registry {

// Where the evaluation is; a list through the stack, turned into a JSON Pointer only for an error.
struct Path {
  static constexpr std::uint32_t kNoIndex = UINT32_MAX;
  const Path* parent = nullptr;
  std::string_view key;
  std::uint32_t index = kNoIndex;
};

// A JSON Pointer; empty for the whole value.
std::string pointer_of(const Path& path);

struct Reason {
  std::string vietnamese, english;
};

Error violation(const Path& path, Reason reason);

Reason reason_malformed();
Reason reason_depth();
Reason reason_unknown();
Reason reason_duplicate();
Reason reason_key();
Reason reason_members();
Reason reason_type(std::uint16_t types);
Reason reason_values(const Node& node);
Reason reason_minimum(Number bound);
Reason reason_maximum(Number bound);
Reason reason_length_min(std::uint32_t bound);
Reason reason_length_max(std::uint32_t bound);
Reason reason_items_min(std::uint32_t bound);
Reason reason_items_max(std::uint32_t bound);
Reason reason_format(Format format);
Reason reason_pattern(const std::string& pattern);
Reason reason_missing(const Node& node, std::uint64_t seen);

}  // namespace hub::registry
