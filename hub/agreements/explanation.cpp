#include "hub/agreements/explanation.hpp"

#include <algorithm>

#include "hub/agreements/sentences.hpp"
#include "hub/base/check.hpp"
#include "hub/registry/names.hpp"

namespace hub::agreements {
namespace {

using Kind = Verdict::Kind;

bool agreement_in_force(const Agreement& agreement, UnixMicros at) {
  const LocalDate day = local_date(at);
  return day >= agreement.from && (!agreement.until || day <= *agreement.until);
}

// How far a time is from the days that a candidate is in force.
std::int64_t distance(const Candidate& candidate, UnixMicros at) {
  return at < candidate.from ? candidate.from.value - at.value : at.value - candidate.until.value;
}

ErrorCode code_of(Kind kind) {
  switch (kind) {
    case Kind::over_level:
      return ErrorCode::over_level;
    case Kind::not_competent:
      return ErrorCode::not_competent;
    case Kind::competent_unknown:
      return ErrorCode::competent_unknown;
    default:
      return ErrorCode::guard_not_met;
  }
}

class Explainer {
 public:
  Explainer(const DecisionTable& table, const Question& question) : table_(table), q_(question) {}

  Explanation run() {
    Explanation out;
    const auto candidates = table_.candidates(q_.type, q_.from, q_.to);
    for (const Candidate& candidate : candidates) {
      const Verdict verdict = judge(candidate);
      if (!in_force(candidate, q_.at) || !verdict.permitted()) continue;
      out.permission = Permission{&candidate, verdict.recipient};
      return out;
    }
    for (const Candidate& candidate : candidates.first(std::min(candidates.size(), kLookedAtMax))) consider(candidate);
    consider_agreements();
    out.refusal = candidates.empty() ? not_permitted() : refused_by(candidates);
    std::stable_sort(considered_.begin(), considered_.end(),
                     [](const auto& a, const auto& b) { return a.rank > b.rank; });
    if (considered_.size() > kConsideredMax) considered_.resize(kConsideredMax);
    for (Ranked& one : considered_) out.considered.push_back(std::move(one.what));
    // One agreement alone is what the refusal speaks of already.
    if (out.considered.size() > 1 || out.refusal->code == ErrorCode::no_agreement)
      add_considered(*out.refusal, out.considered);
    return out;
  }

 private:
  struct Ranked {
    int rank;  // the nearest has the highest
    Consideration what;
  };

  // Without a document, a condition is met: what it asks is stated with the permission.
  Verdict judge(const Candidate& candidate) const {
    return q_.document.empty() ? Verdict{Kind::permitted, q_.to} : table_.judge(candidate, q_.to, q_.document);
  }

  Error error(ErrorCode code) const {
    return {code,
            {{"party", table_.party_id(q_.from)},
             {"recipient", table_.party_id(q_.to)},
             {"type", table_.type_id(q_.type)}}};
  }

  void consider(const Candidate& candidate) {
    const Agreement& agreement = table_.agreement(candidate.agreement);
    const Clause& clause = table_.clause(candidate);
    const bool live = in_force(candidate, q_.at);
    const Sentence why =
        live ? verdict_sentence(table_, clause, judge(candidate), q_.document) : period_sentence(agreement);
    add(live ? 5 : 4, candidate.agreement, candidate.clause, clause_sentence(clause, why));
  }

  // Agreements that say nothing of the triple: those of both parties, else the one of either that comes nearest.
  void consider_agreements() {
    for (const AgreementIndex index : agreements_of_both()) {
      if (is_considered(index)) continue;
      const Agreement& agreement = table_.agreement(index);
      const auto about = clause_about(agreement);
      add(about ? 3 : 2, index, about, nearest_sentence(about ? &agreement.clauses[about->value] : nullptr));
    }
    if (considered_.empty()) consider_one_sided(q_.from, q_.to);
    if (considered_.empty()) consider_one_sided(q_.to, q_.from);
  }

  void consider_one_sided(PartyIndex inside, PartyIndex outside) {
    const auto all = table_.agreements_of(inside);
    std::optional<AgreementIndex> nearest;
    for (const AgreementIndex index : all.first(std::min(all.size(), kLookedAtMax))) {
      const Agreement& agreement = table_.agreement(index);
      if (!clause_about(agreement) || (nearest && !agreement_in_force(agreement, q_.at))) continue;
      nearest = index;
      if (agreement_in_force(agreement, q_.at)) break;
    }
    if (!nearest) return;
    const auto about = clause_about(table_.agreement(*nearest));
    add(0, *nearest, about,
        one_sided_sentence(table_.party_id(inside), table_.party_id(outside),
                           table_.agreement(*nearest).clauses[about->value]));
  }

  void add(int rank, AgreementIndex index, std::optional<ClauseIndex> clause, Sentence sentence) {
    const Agreement& agreement = table_.agreement(index);
    const std::string head = agreement.id + " v" + std::to_string(agreement.version) + ": ";
    const bool live = agreement_in_force(agreement, q_.at);
    considered_.push_back(
        {2 * rank + (live ? 1 : 0), {index, clause, live, head + sentence.vietnamese, head + sentence.english}});
  }

  bool is_considered(AgreementIndex index) const {
    return std::any_of(considered_.begin(), considered_.end(),
                       [&](const Ranked& one) { return one.what.agreement == index; });
  }

  std::vector<AgreementIndex> agreements_of_both() const {
    const auto a = table_.agreements_of(q_.from), b = table_.agreements_of(q_.to);
    const auto& smaller = a.size() < b.size() ? a : b;
    const auto& larger = a.size() < b.size() ? b : a;
    std::vector<AgreementIndex> out;
    for (const AgreementIndex index : smaller) {
      if (out.size() == kLookedAtMax) break;
      if (std::binary_search(larger.begin(), larger.end(), index)) out.push_back(index);
    }
    return out;
  }

  std::optional<ClauseIndex> clause_about(const Agreement& agreement) const {
    const std::string_view name = registry::type_name(table_.type_id(q_.type));
    for (std::uint32_t c = 0; c < agreement.clauses.size(); ++c)
      if (agreement.clauses[c].type == name) return ClauseIndex(c);
    return std::nullopt;
  }

  // A clause that is in force and asks something, else the one whose agreement is or was nearest in time.
  Error refused_by(std::span<const Candidate> candidates) const {
    const Candidate* nearest = nullptr;
    Verdict verdict;
    for (const Candidate& candidate : candidates) {
      if (!in_force(candidate, q_.at)) continue;
      const Verdict one = judge(candidate);
      if (nearest != nullptr && one.kind <= verdict.kind) continue;
      nearest = &candidate;
      verdict = one;
    }
    if (nearest == nullptr) {
      nearest = &*std::min_element(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
        return distance(a, q_.at) < distance(b, q_.at);
      });
      Error out = error(ErrorCode::agreement_not_in_force);
      add_clause(out, table_.agreement(nearest->agreement), &table_.clause(*nearest));
      add_period(out, table_.agreement(nearest->agreement));
      return out;
    }
    const Clause& clause = table_.clause(*nearest);
    Error out = error(code_of(verdict.kind));
    add_clause(out, table_.agreement(nearest->agreement), &clause);
    if (verdict.kind == Kind::guard_not_met) {
      add_guard(out, clause, q_.document);
    } else {
      add_competence(out, table_, clause, verdict, q_.document);
    }
    return out;
  }

  Error not_permitted() const {
    const auto nearest = std::max_element(considered_.begin(), considered_.end(),
                                          [](const Ranked& a, const Ranked& b) { return a.rank < b.rank; });
    if (nearest == considered_.end() || nearest->rank < 4) {
      Error out = error(ErrorCode::no_agreement);
      if (nearest != considered_.end())
        out.facts.push_back({"contact", table_.agreement(nearest->what.agreement).contact});
      return out;
    }
    const Agreement& agreement = table_.agreement(nearest->what.agreement);
    const auto clause = nearest->what.clause;
    const Clause* about = clause ? &agreement.clauses[clause->value] : nullptr;
    Error out = error(ErrorCode::type_not_permitted);
    add_clause(out, agreement, about);
    add_nearest(out, nearest_sentence(about));
    return out;
  }

  const DecisionTable& table_;
  const Question& q_;
  std::vector<Ranked> considered_;
};

}  // namespace

Explanation explain(const DecisionTable& table, const Question& question) { return Explainer(table, question).run(); }

Error over_level(const DecisionTable& table, AgreementIndex index, std::string_view clause_id, PartyIndex competent,
                 ByteView document) {
  const Agreement& agreement = table.agreement(index);
  const auto clause = std::find_if(agreement.clauses.begin(), agreement.clauses.end(),
                                   [&](const Clause& c) { return c.id == clause_id; });
  HUB_CHECK(clause != agreement.clauses.end());
  Error out{ErrorCode::over_level, {}};
  add_clause(out, agreement, &*clause);
  add_competence(out, table, *clause, {Kind::over_level, competent}, document);
  return out;
}

}  // namespace hub::agreements
