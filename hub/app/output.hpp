// What a command prints, and how it ends: 0 done, 1 refused or not found, 2 usage.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "hub/base/error_json.hpp"
#include "hub/base/result.hpp"

namespace hub::app {

constexpr int kDone = 0, kRefused = 1, kUsage = 2;

// The command was called wrongly.
inline Error usage(std::string reason) { return {ErrorCode::usage, {{"reason", std::move(reason)}}}; }

struct Output {
  bool json = false;

  // A result: `text` for people, or `value` on one line.
  int done(const std::string& text, const nlohmann::ordered_json& value) const;
  // An error, on standard error for people (both languages), as JSON on standard output.
  int refused(const Error& error) const;
};

}  // namespace hub::app
