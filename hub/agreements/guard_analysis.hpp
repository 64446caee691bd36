// Whether the condition of a clause can hold for a document of its type: a guard that never holds permits nothing, one
// that always holds says nothing. Both are mistakes of whoever wrote it.
//
// The few keywords of guards make this decidable: what is claimed is certain, and `sometimes` comes with a document that
// both the type and the guard let through. Threads: a free function.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hub::agreements {

struct GuardReport {
  enum class Holds { never, always, sometimes, unknown };
  Holds holds = Holds::unknown;
  std::string pointer, reason;  // of `never`: where, and why, in English
  std::vector<std::string> unknown;  // members that the guard speaks of and the type doesn't have: JSON Pointers
  nlohmann::json example;            // of `always` and `sometimes`: the document's attributes, those that a guard can see
};

// `type` is a type's file: {"type", "schema", "example", …}; `guard` a valid guard over the whole document.
GuardReport analyse_guard(const nlohmann::json& guard, const nlohmann::json& type);

}  // namespace hub::agreements
