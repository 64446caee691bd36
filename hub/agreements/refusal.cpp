// Refusals in words: the cold side of the decision table.
#include <algorithm>

#include "hub/agreements/decision_table.hpp"
#include "hub/registry/names.hpp"

namespace hub::agreements {
namespace {

// How far a time is from the days that a candidate is in force.
std::int64_t distance(const Candidate& candidate, UnixMicros at) {
  return at < candidate.from ? candidate.from.value - at.value : at.value - candidate.until.value;
}

bool agreement_in_force(const Agreement& agreement, UnixMicros at) {
  const LocalDate day = local_date(at);
  return day >= agreement.from && (!agreement.until || day <= *agreement.until);
}

void add_agreement(Error& error, const Agreement& agreement) {
  error.facts.push_back({"agreement", agreement.id});
  error.facts.push_back({"version", std::to_string(agreement.version)});
  error.facts.push_back({"contact", agreement.contact});
}

void add_period(Error& error, const Agreement& agreement) {
  const auto add = [&](const char* name, std::string value) { error.facts.push_back({name, std::move(value)}); };
  const std::string from_vi = format_date_vietnamese(agreement.from), from_en = format_date(agreement.from);
  add("from", from_en);
  add("until", agreement.until ? format_date(*agreement.until) : "");
  if (agreement.until) {
    add("period_vi", "có hiệu lực từ ngày " + from_vi + " đến hết ngày " + format_date_vietnamese(*agreement.until));
    add("period_en", "is in force from " + from_en + " to " + format_date(*agreement.until));
  } else {
    add("period_vi", "có hiệu lực từ ngày " + from_vi);
    add("period_en", "is in force from " + from_en);
  }
}

void add_guard(Error& error, const Clause& clause, ByteView document) {
  if (document.empty()) {
    error.facts.push_back({"pointer", "/"});
    error.facts.push_back({"reason_vi", "văn bản phải đạt điều kiện " + clause.guard_text});
    error.facts.push_back({"reason_en", "the document must meet " + clause.guard_text});
  } else if (clause.guard) {
    if (const auto valid = clause.guard->validate(document); !valid)
      error.facts.insert(error.facts.end(), valid.error().facts.begin(), valid.error().facts.end());
  }
}

const Clause* clause_about(const Agreement& agreement, std::string_view type) {
  const auto found = std::find_if(agreement.clauses.begin(), agreement.clauses.end(),
                                  [&](const Clause& c) { return c.type == type; });
  return found == agreement.clauses.end() ? nullptr : &*found;
}

}  // namespace

Error DecisionTable::refusal(TypeIndex type, PartyIndex from, PartyIndex to, UnixMicros at, ByteView document) const {
  const auto permits = candidates(type, from, to);
  if (permits.empty()) return not_permitted(type, from, to, at);
  Error error{
      ErrorCode::guard_not_met,
      {{"party", party_ids_[from.value]}, {"recipient", party_ids_[to.value]}, {"type", type_ids_[type.value]}}};
  const auto live = std::find_if(permits.begin(), permits.end(), [&](const auto& c) { return in_force(c, at); });
  if (live == permits.end()) {
    const auto nearest = std::min_element(permits.begin(), permits.end(), [&](const auto& a, const auto& b) {
      return distance(a, at) < distance(b, at);
    });
    error.code = ErrorCode::agreement_not_in_force;
    add_agreement(error, agreement(nearest->agreement));
    error.facts.push_back({"clause", clause(*nearest).id});
    add_period(error, agreement(nearest->agreement));
    return error;
  }
  add_agreement(error, agreement(live->agreement));
  error.facts.push_back({"clause", clause(*live).id});
  add_guard(error, clause(*live), document);
  return error;
}

bool DecisionTable::names_both(const Agreement& agreement, std::string_view from, std::string_view to) const {
  const auto names = [&](std::string_view id) {
    return std::any_of(agreement.parties.begin(), agreement.parties.end(),
                       [&](const auto& p) { return p.second == id; });
  };
  return names(from) && names(to);
}

// The agreement between the two that is nearest: rather one about this type, rather one in force.
Error DecisionTable::not_permitted(TypeIndex type, PartyIndex from, PartyIndex to, UnixMicros at) const {
  const std::string &sender = party_ids_[from.value], &recipient = party_ids_[to.value], &id = type_ids_[type.value];
  const std::string_view name = registry::type_name(id);
  const Agreement* nearest = nullptr;
  int nearest_rank = -1;
  for (const Agreement& one : agreements_) {
    if (!names_both(one, sender, recipient)) continue;
    const int rank = (clause_about(one, name) != nullptr ? 2 : 0) + (agreement_in_force(one, at) ? 1 : 0);
    if (rank > nearest_rank) nearest = &one;
    nearest_rank = std::max(rank, nearest_rank);
  }
  Error error{ErrorCode::no_agreement, {{"party", sender}, {"recipient", recipient}, {"type", id}}};
  if (nearest == nullptr) return error;
  error.code = ErrorCode::type_not_permitted;
  add_agreement(error, *nearest);
  if (const Clause* clause = clause_about(*nearest, name)) {
    const std::string direction = clause->from_name + " → " + clause->to_name;
    error.facts.push_back({"clause", clause->id});
    error.facts.push_back(
        {"nearest_vi", "Điều khoản gần nhất là " + clause->id + ", cho phép gửi theo chiều " + direction + "."});
    error.facts.push_back(
        {"nearest_en", "The nearest clause is " + clause->id + ", which permits it " + direction + "."});
  } else {
    error.facts.push_back({"nearest_vi", "Thỏa thuận này không có điều khoản nào về loại văn bản đó."});
    error.facts.push_back({"nearest_en", "That agreement has no clause about this type."});
  }
  return error;
}

}  // namespace hub::agreements
