#include "hub/agreements/sentences.hpp"

#include "hub/registry/msgpack_pointer.hpp"

namespace hub::agreements {
namespace {

using Kind = Verdict::Kind;

std::string direction(const Clause& clause) {
  return clause.from_name + " → " + (clause.competence ? "(" + clause.to_name + ")" : clause.to_name);
}

std::string level_vietnamese(const std::string& level) {
  if (level == "commune") return "xã";
  if (level == "district") return "huyện";
  if (level == "province") return "tỉnh";
  return level == "central" ? "trung ương" : level;
}

std::string text(ByteView document, const std::string& pointer) {
  const auto found = registry::text_at(document, pointer);
  return found ? std::string(*found) : "?";
}

}  // namespace

Sentence period_sentence(const Agreement& agreement) {
  const std::string from_vi = format_date_vietnamese(agreement.from), from_en = format_date(agreement.from);
  if (!agreement.until) return {"có hiệu lực từ ngày " + from_vi, "is in force from " + from_en};
  return {"có hiệu lực từ ngày " + from_vi + " đến hết ngày " + format_date_vietnamese(*agreement.until),
          "is in force from " + from_en + " to " + format_date(*agreement.until)};
}

Sentence needs_sentence(const Clause& clause) {
  std::string names;
  for (const std::string& name : clause.needs) names.append(names.empty() ? "" : ", ").append(name);
  return {"chỉ cần các trường " + names, "needs the fields " + names + " alone"};
}

Sentence clause_sentence(const Clause& clause, const Sentence& why) {
  return {"điều khoản " + clause.id + ": " + why.vietnamese, "clause " + clause.id + ": " + why.english};
}

Sentence verdict_sentence(const DecisionTable& table, const Clause& clause, const Verdict& verdict, ByteView document) {
  const std::string& competent = table.party_id(verdict.recipient);
  switch (verdict.kind) {
    case Kind::permitted:
      return {"cho phép", "permits it"};
    case Kind::over_level:
      return {"vượt cấp, cơ quan có thẩm quyền là " + competent,
              "over the competent level's head: " + competent + " is competent"};
    case Kind::not_competent:
      return {"cơ quan có thẩm quyền là " + competent, competent + " is competent"};
    case Kind::competent_unknown:
      return {"chưa có cơ quan nào được đăng ký là có thẩm quyền", "nobody is enrolled as competent"};
    case Kind::guard_not_met:
      break;
  }
  if (const auto valid = clause.guard->validate(document); !valid) {
    const std::string at = valid.error().fact("pointer");
    return {"chưa đạt điều kiện tại " + at + ": " + valid.error().fact("reason_vi"),
            "its condition is not met at " + at + ": " + valid.error().fact("reason_en")};
  }
  return {"chưa đạt điều kiện", "its condition is not met"};
}

Sentence nearest_sentence(const Clause* about) {
  if (about == nullptr) return {"không có điều khoản nào về loại văn bản này", "has no clause about this type"};
  return {"điều khoản gần nhất là " + about->id + ", cho phép gửi theo chiều " + direction(*about),
          "the nearest clause is " + about->id + ", which permits it " + direction(*about)};
}

Sentence one_sided_sentence(const std::string& inside, const std::string& outside, const Clause& about) {
  return {inside + " có tên trong thỏa thuận, " + outside + " thì không; điều khoản " + about.id +
              " cho phép gửi loại này theo chiều " + direction(about),
          "names " + inside + ", not " + outside + "; clause " + about.id + " permits this type " + direction(about)};
}

void add_clause(Error& error, const Agreement& agreement, const Clause* clause) {
  error.facts.push_back({"agreement", agreement.id});
  error.facts.push_back({"version", std::to_string(agreement.version)});
  error.facts.push_back({"contact", agreement.contact});
  if (clause != nullptr) error.facts.push_back({"clause", clause->id});
}

void add_period(Error& error, const Agreement& agreement) {
  const Sentence period = period_sentence(agreement);
  error.facts.push_back({"from", format_date(agreement.from)});
  error.facts.push_back({"until", agreement.until ? format_date(*agreement.until) : ""});
  error.facts.push_back({"period_vi", period.vietnamese});
  error.facts.push_back({"period_en", period.english});
}

void add_guard(Error& error, const Clause& clause, ByteView document) {
  if (const auto valid = clause.guard->validate(document); !valid)
    error.facts.insert(error.facts.end(), valid.error().facts.begin(), valid.error().facts.end());
}

void add_competence(Error& error, const DecisionTable& table, const Clause& clause, const Verdict& verdict,
                    ByteView document) {
  error.facts.push_back({"place", text(document, clause.competence->place)});
  const std::string level = text(document, clause.competence->level);
  error.facts.push_back({"level", level});
  error.facts.push_back({"level_vi", level_vietnamese(level)});
  if (verdict.kind != Kind::competent_unknown) error.facts.push_back({"competent", table.party_id(verdict.recipient)});
}

void add_nearest(Error& error, const Sentence& sentence) {
  error.facts.push_back({"nearest_vi", sentence.vietnamese});
  error.facts.push_back({"nearest_en", sentence.english});
}

void add_considered(Error& error, const std::vector<Consideration>& considered) {
  if (considered.empty()) return;
  Sentence all;
  for (const Consideration& one : considered) {
    all.vietnamese.append(all.vietnamese.empty() ? "" : "\n").append(one.vietnamese);
    all.english.append(all.english.empty() ? "" : "\n").append(one.english);
  }
  error.facts.push_back({"considered_vi", std::move(all.vietnamese)});
  error.facts.push_back({"considered_en", std::move(all.english)});
}

}  // namespace hub::agreements
