// Why a document may go from one party to another, or why not: the deciding clause, or each reason against and the
// nearest clause that would allow it. The refusal that an agency reads is made here, and so is `agreement explain`.
//
// Threads: free functions on an immutable table. Cold: nothing here runs for a document that is permitted.
#pragma once

#include <optional>
#include <vector>

#include "hub/agreements/decision_table.hpp"

namespace hub::agreements {

constexpr std::size_t kConsideredMax = 4;      // agreements that an explanation speaks of, the nearest first
constexpr std::size_t kLookedAtMax = 64;       // agreements of one party that are searched for a nearest clause

struct Question {
  TypeIndex type;
  PartyIndex from, to;
  UnixMicros at;
  ByteView document;  // may be empty: then guards and competence are stated, not judged
};

// What one agreement says about the question, in one sentence.
struct Consideration {
  AgreementIndex agreement;
  std::optional<ClauseIndex> clause;  // the one that is nearest to permitting it
  bool in_force = false;
  std::string vietnamese, english;
};

struct Explanation {
  std::optional<Permission> permission;
  // Without permission: no_agreement, type_not_permitted, agreement_not_in_force, guard_not_met, over_level,
  // not_competent or competent_unknown, with the nearest clause, what it asks and whom to ask. Its facts considered_vi
  // and considered_en hold the sentences of `considered`, a line each.
  std::optional<Error> refusal;
  std::vector<Consideration> considered;
};

Explanation explain(const DecisionTable& table, const Question& question);

// over_level, of a document that a clause would reroute to a competent party which gets it anyway.
Error over_level(const DecisionTable& table, AgreementIndex agreement, std::string_view clause, PartyIndex competent,
                 ByteView document);

}  // namespace hub::agreements
