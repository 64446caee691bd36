// The sentences and facts of explanations, in both languages. Internal to explanation.cpp and those who print agreements.
#pragma once

#include "hub/agreements/explanation.hpp"

namespace hub::agreements {

struct Sentence {
  std::string vietnamese, english;
};

Sentence period_sentence(const Agreement& agreement);
// Of a clause that says what it needs.
Sentence needs_sentence(const Clause& clause);
Sentence clause_sentence(const Clause& clause, const Sentence& why);
Sentence verdict_sentence(const DecisionTable& table, const Clause& clause, const Verdict& verdict, ByteView document);
// The clause of an agreement of both parties that is about the type; null: there is none.
Sentence nearest_sentence(const Clause* about);
Sentence one_sided_sentence(const std::string& inside, const std::string& outside, const Clause& about);

void add_clause(Error& error, const Agreement& agreement, const Clause* clause);
void add_period(Error& error, const Agreement& agreement);
void add_guard(Error& error, const Clause& clause, ByteView document);
void add_competence(Error& error, const DecisionTable& table, const Clause& clause, const Verdict& verdict,
                    ByteView document);
void add_nearest(Error& error, const Sentence& sentence);
void add_considered(Error& error, const std::vector<Consideration>& considered);

}  // namespace hub::agreements
