#include "hub/agreements/decision_table.hpp"

#include <algorithm>
#include <limits>

#include "hub/base/check.hpp"
#include "hub/registry/names.hpp"

namespace hub::agreements {
namespace {

constexpr std::uint32_t kIndexBits = 21;

std::uint64_t key_of(TypeIndex type, PartyIndex from, PartyIndex to) {
  return std::uint64_t{type.value} << 2 * kIndexBits | std::uint64_t{from.value} << kIndexBits | to.value;
}

struct Entry {
  std::uint64_t key;
  Candidate candidate;
};

// Every (type version, sender, recipient) that a clause permits.
void expand(const registry::Registry& registry, const Clause& clause, const Candidate& candidate,
            std::vector<Entry>& out) {
  for (std::uint32_t t = 0; t < registry.type_count(); ++t) {
    if (registry::type_name(registry.type_at(TypeIndex(t)).id) != clause.type) continue;
    for (const std::string& from : clause.from)
      for (const std::string& to : clause.to)
        if (from != to) out.push_back({key_of(TypeIndex(t), *registry.party(from), *registry.party(to)), candidate});
  }
}

}  // namespace

Result<DecisionTable> DecisionTable::compile(const registry::Registry& registry, std::vector<Agreement> agreements) {
  HUB_CHECK(registry.party_count() < 1u << kIndexBits && registry.type_count() < 1u << kIndexBits);
  std::sort(agreements.begin(), agreements.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  DecisionTable table;
  table.agreements_ = std::move(agreements);
  std::vector<Entry> entries;
  for (std::uint32_t a = 0; a < table.agreements_.size(); ++a) {
    const Agreement& agreement = table.agreements_[a];
    registry::Fault fault;
    if (a > 0 && table.agreements_[a - 1].id == agreement.id) fault.set("/agreement", "this agreement stands twice");
    check_against(registry, agreement, fault);
    if (fault.found()) return tl::unexpected(registry::Marks("agreement " + agreement.id).invalid(fault));
    Candidate candidate{AgreementIndex(a), {}, start_of(agreement.from), UnixMicros(INT64_MAX), nullptr};
    if (agreement.until) candidate.until = start_of(agreement.until->next());
    for (std::uint32_t c = 0; c < agreement.clauses.size(); ++c) {
      candidate.clause = ClauseIndex(c);
      candidate.guard = agreement.clauses[c].guard ? &*agreement.clauses[c].guard : nullptr;
      expand(registry, agreement.clauses[c], candidate, entries);
    }
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& x, const Entry& y) { return x.key < y.key; });
  for (const Entry& entry : entries) {
    Range& range = table.ranges_[entry.key];
    if (range.count++ == 0) range.first = static_cast<std::uint32_t>(table.candidates_.size());
    table.candidates_.push_back(entry.candidate);
  }
  for (std::uint32_t t = 0; t < registry.type_count(); ++t)
    table.type_ids_.push_back(registry.type_at(TypeIndex(t)).id);
  for (std::uint32_t p = 0; p < registry.party_count(); ++p)
    table.party_ids_.push_back(registry.party_at(PartyIndex(p)).id);
  return Result<DecisionTable>(std::move(table));
}

std::span<const Candidate> DecisionTable::candidates(TypeIndex type, PartyIndex from, PartyIndex to) const {
  const auto found = ranges_.find(key_of(type, from, to));
  if (found == ranges_.end()) return {};
  return std::span(candidates_).subspan(found->second.first, found->second.count);
}

const Candidate* DecisionTable::decide(TypeIndex type, PartyIndex from, PartyIndex to, UnixMicros at,
                                       ByteView document) const {
  for (const Candidate& candidate : candidates(type, from, to))
    if (in_force(candidate, at) && (candidate.guard == nullptr || candidate.guard->accepts(document)))
      return &candidate;
  return nullptr;
}

}  // namespace hub::agreements
