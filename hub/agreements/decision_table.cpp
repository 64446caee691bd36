#include "hub/agreements/decision_table.hpp"

#include <algorithm>

#include "hub/base/check.hpp"
#include "hub/registry/msgpack_pointer.hpp"
#include "hub/registry/names.hpp"

namespace hub::agreements {
namespace {

constexpr std::uint32_t kIndexBits = 21;

std::uint64_t key_of(TypeIndex type, PartyIndex from, PartyIndex to) {
  return std::uint64_t{type.value} << 2 * kIndexBits | std::uint64_t{from.value} << kIndexBits | to.value;
}

}  // namespace

Result<DecisionTable> DecisionTable::compile(const registry::Registry& registry, std::vector<Agreement> agreements) {
  HUB_CHECK(registry.party_count() < 1u << kIndexBits && registry.type_count() < 1u << kIndexBits);
  std::sort(agreements.begin(), agreements.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  DecisionTable table;
  table.agreements_ = std::move(agreements);
  table.agreements_of_.resize(registry.party_count());
  for (std::uint32_t t = 0; t < registry.type_count(); ++t) {
    table.type_ids_.push_back(registry.type_at(TypeIndex(t)).id);
    table.versions_[std::string(registry::type_name(table.type_ids_.back()))].push_back(TypeIndex(t));
  }
  for (std::uint32_t p = 0; p < registry.party_count(); ++p)
    table.party_ids_.push_back(registry.party_at(PartyIndex(p)).id);
  std::vector<Entry> entries;
  for (std::uint32_t a = 0; a < table.agreements_.size(); ++a) {
    const Agreement& agreement = table.agreements_[a];
    registry::Fault fault;
    if (a > 0 && table.agreements_[a - 1].id == agreement.id) fault.set("/agreement", "this agreement stands twice");
    check_against(registry, agreement, fault);
    if (fault.found()) return tl::unexpected(registry::Marks("agreement " + agreement.id).invalid(fault));
    table.add_agreement(registry, AgreementIndex(a), entries);
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& x, const Entry& y) { return x.key < y.key; });
  for (const Entry& entry : entries) {
    Range& range = table.ranges_[entry.key];
    if (range.count++ == 0) range.first = static_cast<std::uint32_t>(table.candidates_.size());
    table.candidates_.push_back(entry.candidate);
  }
  return Result<DecisionTable>(std::move(table));
}

void DecisionTable::add_agreement(const registry::Registry& registry, AgreementIndex index,
                                  std::vector<Entry>& entries) {
  const Agreement& agreement = agreements_[index.value];
  for (const auto* names : {&agreement.parties, &agreement.addressees})
    for (const auto& [alias, id] : *names) agreements_of_[registry.party(id)->value].push_back(index);
  Candidate candidate{index, {}, start_of(agreement.from), UnixMicros(INT64_MAX)};
  if (agreement.until) candidate.until = start_of(agreement.until->next());
  for (std::uint32_t c = 0; c < agreement.clauses.size(); ++c) {
    candidate.clause = ClauseIndex(c);
    add_clause(registry, candidate, entries);
  }
}

// Every (type version, sender, recipient) that the clause may permit.
void DecisionTable::add_clause(const registry::Registry& registry, Candidate candidate, std::vector<Entry>& entries) {
  const Clause& clause = this->clause(candidate);
  if (clause.guard) candidate.guard = &*clause.guard;
  if (!clause.needs.empty()) candidate.needs = &clause.needs;
  if (clause.competence) candidate.jurisdiction = &jurisdictions_.emplace_back(registry, clause.to);
  for (const TypeIndex type : versions_.at(clause.type)) {
    for (const std::string& from : clause.from) {
      for (const std::string& to : clause.to) {
        const PartyIndex sender = *registry.party(from), recipient = *registry.party(to);
        if (sender == recipient || (candidate.jurisdiction && !candidate.jurisdiction->holds(recipient))) continue;
        entries.push_back({key_of(type, sender, recipient), candidate});
      }
    }
  }
}

std::span<const Candidate> DecisionTable::candidates(TypeIndex type, PartyIndex from, PartyIndex to) const {
  const auto found = ranges_.find(key_of(type, from, to));
  if (found == ranges_.end()) return {};
  return std::span(candidates_).subspan(found->second.first, found->second.count);
}

Verdict DecisionTable::judge(const Candidate& candidate, PartyIndex addressed, ByteView document) const {
  using Kind = Verdict::Kind;
  if (candidate.guard != nullptr && !candidate.guard->accepts(document)) return {Kind::guard_not_met, addressed};
  if (candidate.jurisdiction == nullptr) return {Kind::permitted, addressed};
  const Competence& rule = *clause(candidate).competence;
  const auto place = registry::text_at(document, rule.place), level = registry::text_at(document, rule.level);
  const auto competent = place && level ? candidate.jurisdiction->competent(*place, *level) : std::nullopt;
  if (!competent) return {Kind::competent_unknown, addressed};
  if (*competent == addressed) return {Kind::permitted, addressed};
  if (!candidate.jurisdiction->is_above(addressed, *place, *level)) return {Kind::not_competent, *competent};
  return {rule.reroute ? Kind::permitted : Kind::over_level, *competent};
}

std::optional<Permission> DecisionTable::decide(TypeIndex type, PartyIndex from, PartyIndex to, UnixMicros at,
                                                ByteView document) const {
  for (const Candidate& candidate : candidates(type, from, to)) {
    if (!in_force(candidate, at)) continue;
    const Verdict verdict = judge(candidate, to, document);
    if (verdict.permitted()) return Permission{&candidate, verdict.recipient};
  }
  return std::nullopt;
}

std::optional<AgreementIndex> DecisionTable::find(std::string_view id) const {
  const auto found = std::lower_bound(agreements_.begin(), agreements_.end(), id,
                                      [](const Agreement& a, std::string_view key) { return a.id < key; });
  if (found == agreements_.end() || found->id != id) return std::nullopt;
  return AgreementIndex(static_cast<std::uint32_t>(found - agreements_.begin()));
}

std::span<const AgreementIndex> DecisionTable::agreements_of(PartyIndex party) const {
  if (party.value >= agreements_of_.size()) return {};
  return agreements_of_[party.value];
}

}  // namespace hub::agreements
