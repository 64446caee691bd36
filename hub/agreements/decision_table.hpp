// What the agreements permit, looked up by (type, sender, recipient) in constant time. Deny by default: a triple
// without a candidate is not permitted.
//
// Threads: immutable after compile. It owns all that it points to: rebuild it when the configuration changes, and swap.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "hub/agreements/agreement.hpp"

namespace hub::agreements {

using AgreementIndex = Strong<struct AgreementIndexTag, std::uint32_t>;  // in one table
using ClauseIndex = Strong<struct ClauseIndexTag, std::uint32_t>;        // in its agreement

// A clause that permits; when its agreement is in force and its guard lets the document through.
struct Candidate {
  AgreementIndex agreement;
  ClauseIndex clause;
  UnixMicros from, until;                    // until: exclusive
  const registry::Schema* guard = nullptr;   // null: always
};
inline bool in_force(const Candidate& candidate, UnixMicros at) { return at >= candidate.from && at < candidate.until; }

class DecisionTable {
 public:
  DecisionTable() = default;  // permits nothing
  DecisionTable(DecisionTable&&) = default;
  DecisionTable& operator=(DecisionTable&&) = default;

  // config_invalid when an agreement names what the registry doesn't hold, or stands there twice.
  static Result<DecisionTable> compile(const registry::Registry& registry, std::vector<Agreement> agreements);

  // In the order of agreement ids and of clauses.
  std::span<const Candidate> candidates(TypeIndex type, PartyIndex from, PartyIndex to) const;
  // The first candidate in force whose guard lets the document through, or null.
  const Candidate* decide(TypeIndex type, PartyIndex from, PartyIndex to, UnixMicros at, ByteView document) const;

  const Agreement& agreement(AgreementIndex index) const { return agreements_[index.value]; }
  const Clause& clause(const Candidate& candidate) const {
    return agreement(candidate.agreement).clauses[candidate.clause.value];
  }
  std::span<const Agreement> agreements() const { return agreements_; }  // by id

  // Why decide() found nothing: no_agreement, type_not_permitted, agreement_not_in_force or guard_not_met, with the
  // nearest clause, what it asks and whom to ask. With the document, a guard that is not met names the field.
  Error refusal(TypeIndex type, PartyIndex from, PartyIndex to, UnixMicros at, ByteView document = {}) const;

 private:
  struct KeyHash {
    std::size_t operator()(std::uint64_t key) const {
      key = (key ^ key >> 30) * 0xbf58476d1ce4e5b9u;
      return key ^ key >> 27;
    }
  };
  struct Range {
    std::uint32_t first = 0, count = 0;
  };

  Error not_permitted(TypeIndex type, PartyIndex from, PartyIndex to, UnixMicros at) const;
  bool names_both(const Agreement& agreement, std::string_view from, std::string_view to) const;

  std::vector<Agreement> agreements_;  // by id
  std::vector<Candidate> candidates_;
  std::unordered_map<std::uint64_t, Range, KeyHash> ranges_;
  std::vector<std::string> type_ids_, party_ids_;  // by index, for refusals
};

}  // namespace hub::agreements
