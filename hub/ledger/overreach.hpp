// What a party is owed to know about rights and acts that concern its documents: what may be sent and never was, which
// fields went along that the clause doesn't need, where it says what it needs, and who looked at or repeated what.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/ledger/audit.hpp"

namespace hub::ledger {

struct DocumentFilter;

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

// A field of documents that a clause let through and doesn't need.
struct UnneededField {
  std::string agreement, clause, sender, recipient, field;  // recipient: who got it
  std::uint64_t documents = 0;
};

struct Overreach {
  Position position;               // what the ledger holds: every record before it
  std::optional<UnixMicros> time;  // of the last record before it
  std::uint64_t permissions = 0;   // in force in the period, from or to the party
  std::vector<ClausePermission> unused;  // those under which nothing was accepted in it, by agreement and clause
  std::vector<UnneededField> unneeded;   // that the party sent or got, in the order of the members above
  // More outcomes than may be looked at: what was used up to this time is not known, and fields are of what came after.
  std::optional<UnixMicros> counted_from;
  Page<AuditEntry> readings, replays;  // of documents that the party sent or that were addressed to it
};

// The documents that a figure of `unneeded` counts.
DocumentFilter documents_of(const UnneededField& field, const OverreachQuestion& question, const Overreach& overreach);

}  // namespace hub::ledger
