// What a party is owed to know about rights and acts that concern its documents: what may be sent and never was, and
// who looked at or repeated what. Whether a clause lets more fields through than it needs can't be said: agreements
// don't name fields.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "hub/ledger/audit.hpp"

namespace hub::ledger {

struct OverreachQuestion {
  std::string party;
  std::optional<UnixMicros> from = {}, until = {};  // until: exclusive
  std::size_t outcomes_max = 100'000;               // that are looked at, the newest of each agreement
};

// A clause lets a party send a type to another one.
struct ClausePermission {
  std::string agreement;
  std::uint32_t version = 0;  // the newest that was in force in the period
  std::string clause, type, sender, recipient;
};

struct Overreach {
  Position position;               // what the ledger holds: every record before it
  std::optional<UnixMicros> time;  // of the last record before it
  std::uint64_t permissions = 0;   // in force in the period, from or to the party
  std::vector<ClausePermission> unused;  // those under which nothing was accepted in it, by agreement and clause
  // More outcomes than may be looked at: what was used before this time is not known.
  std::optional<UnixMicros> counted_from;
  Page<AuditEntry> readings, replays;  // of documents that the party sent or that were addressed to it
};

nlohmann::ordered_json to_json(const Overreach& overreach);

}  // namespace hub::ledger
