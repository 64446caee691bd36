// A change as a notice to the operator's party: a document of the type hub-alert, as an agency's system writes one for its
// adapter.
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>

#include "hub/alerts/alert.hpp"

namespace hub::alerts {

constexpr std::string_view kNoticeType = "hub-alert/1";
constexpr std::string_view kNoticePrefix = "alert-", kNoticeSuffix = ".json";

struct Notice {
  std::string name;  // "alert-20240312T010000000000Z-UUID.json": by name they are in order of time
  std::string text;  // CloudEvents JSON
};

// The same change to the same party is the same notice, id and all: written twice, it is sent once.
Notice make_notice(const Change& change, const std::string& to);

}  // namespace hub::alerts
