// What operators are told of without asking: once when a state begins, once when it ends.
//
// Threads: values and free functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/result.hpp"
#include "hub/base/time.hpp"

namespace hub::alerts {

enum class AlertKind {
  hub_silent,          // the engine does not answer
  storage_low,         // new documents are refused
  endpoint_silent,     // subject: endpoint; it was connected once, and is gone
  endpoint_paused,     // subject: endpoint; an operator holds its deliveries back
  deliveries_late,     // subject: endpoint; its oldest delivery could have gone long ago
  dead_letters,        // subject: cause; deliveries that nobody will try again by themselves
  ledger_behind,       // what people see is old
  key_expiring,        // subject: party
  agreement_expiring,  // subject: agreement
  flow_silent,         // subject: sender and type; documents that came regularly come no more
};

constexpr AlertKind kAlertKinds[] = {
    AlertKind::hub_silent,   AlertKind::storage_low,   AlertKind::endpoint_silent, AlertKind::endpoint_paused,
    AlertKind::deliveries_late, AlertKind::dead_letters, AlertKind::ledger_behind,  AlertKind::key_expiring,
    AlertKind::agreement_expiring, AlertKind::flow_silent};

// "endpoint-silent"
std::string_view name_of(AlertKind kind);

// One thing that is so now. Facts are what its texts name, and of no more than that.
struct Condition {
  AlertKind kind{};
  std::string subject;  // empty where there is one alone
  std::vector<Fact> facts;
};

struct Alert {
  Condition condition;
  UnixMicros since;  // when it was told
};

struct Change {
  UnixMicros time;
  bool begins = false;
  Alert alert;
};

// {"alert", "subject", "since", "facts", "vi": {title, action}, "en": {title, action}}
nlohmann::ordered_json to_json(const Alert& alert);
// The same with "event": "begins" | "ends" and "time".
nlohmann::ordered_json to_json(const Change& change);

}  // namespace hub::alerts
