// What the agreements permit, looked up by (type, sender, recipient) in constant time. Deny by default: a triple
// without a candidate is not permitted.
//
// Threads: immutable after compile. It owns all that it points to: rebuild it when the configuration changes, and swap.
#pragma once

#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

#include "hub/agreements/agreement.hpp"
#include "hub/agreements/jurisdiction.hpp"

namespace hub::agreements {

using AgreementIndex = Strong<struct AgreementIndexTag, std::uint32_t>;  // in one table
using ClauseIndex = Strong<struct ClauseIndexTag, std::uint32_t>;        // in its agreement

// A clause that may permit; it does when its agreement is in force and its verdict on the document says so.
struct Candidate {
  AgreementIndex agreement;
  ClauseIndex clause;
  UnixMicros from, until;                      // until: exclusive
  const registry::Schema* guard = nullptr;     // null: always
  const Jurisdiction* jurisdiction = nullptr;  // null: whoever is addressed
  const std::vector<std::string>* needs = nullptr;  // members of `data`; null: the agreement doesn't say
};
inline bool in_force(const Candidate& candidate, UnixMicros at) { return at >= candidate.from && at < candidate.until; }

// What a candidate says of one document, at any time.
struct Verdict {
  enum class Kind : std::uint8_t { permitted, guard_not_met, not_competent, over_level, competent_unknown };
  Kind kind = Kind::permitted;
  // Who gets it, when it is permitted: another than the addressed party when the clause reroutes it to the competent one.
  // With not_competent and over_level: the competent party.
  PartyIndex recipient;
  bool permitted() const { return kind == Kind::permitted; }
};

// What permits a document, and who gets it.
struct Permission {
  const Candidate* candidate = nullptr;
  PartyIndex recipient;
};

class DecisionTable {
 public:
  DecisionTable() = default;  // permits nothing
  DecisionTable(DecisionTable&&) = default;
  DecisionTable& operator=(DecisionTable&&) = default;

  // config_invalid when an agreement names what the registry doesn't hold, or stands there twice.
  static Result<DecisionTable> compile(const registry::Registry& registry, std::vector<Agreement> agreements);

  // In the order of agreement ids and of clauses.
  std::span<const Candidate> candidates(TypeIndex type, PartyIndex from, PartyIndex to) const;
  // What a candidate for `addressed` says of the document. No allocation.
  Verdict judge(const Candidate& candidate, PartyIndex addressed, ByteView document) const;
  // The first candidate in force that permits the document.
  std::optional<Permission> decide(TypeIndex type, PartyIndex from, PartyIndex to, UnixMicros at,
                                   ByteView document) const;

  const Agreement& agreement(AgreementIndex index) const { return agreements_[index.value]; }
  const Clause& clause(const Candidate& candidate) const {
    return agreement(candidate.agreement).clauses[candidate.clause.value];
  }
  std::span<const Agreement> agreements() const { return agreements_; }  // by id
  std::optional<AgreementIndex> find(std::string_view agreement) const;
  // The agreements that name a party, as party or addressee, ascending.
  std::span<const AgreementIndex> agreements_of(PartyIndex party) const;
  const std::string& party_id(PartyIndex index) const { return party_ids_[index.value]; }
  const std::string& type_id(TypeIndex index) const { return type_ids_[index.value]; }

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
  struct Entry {
    std::uint64_t key;
    Candidate candidate;
  };

  void add_agreement(const registry::Registry& registry, AgreementIndex index, std::vector<Entry>& entries);
  void add_clause(const registry::Registry& registry, Candidate candidate, std::vector<Entry>& entries);

  std::vector<Agreement> agreements_;  // by id
  std::vector<Candidate> candidates_;
  std::deque<Jurisdiction> jurisdictions_;
  std::unordered_map<std::uint64_t, Range, KeyHash> ranges_;
  std::vector<std::vector<AgreementIndex>> agreements_of_;  // by party
  std::unordered_map<std::string, std::vector<TypeIndex>> versions_;  // of a type's name
  std::vector<std::string> type_ids_, party_ids_;           // by index
};

}  // namespace hub::agreements
