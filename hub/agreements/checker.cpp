#include "hub/agreements/checker.hpp"

#include <algorithm>

#include "hub/agreements/agreement.hpp"
#include "hub/agreements/bilateral.hpp"
#include "hub/agreements/configuration_files.hpp"
#include "hub/agreements/guard_analysis.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/nfc.hpp"

namespace hub::agreements {
namespace {

using registry::child_pointer;
using registry::Marks;
using Json = nlohmann::json;
using Holds = GuardReport::Holds;

// Runs of white space count as one space: a folded YAML text has other line breaks than its source.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) out.push_back(c);
    if (blank && !out.empty() && out.back() != ' ') out.push_back(' ');
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// The longest start of `words` that stands in `source`, in whole characters.
std::string common_start(const std::string& words, const std::string& source) {
  std::size_t low = 0, high = words.size();
  while (low < high) {
    const std::size_t middle = (low + high + 1) / 2;
    if (source.find(words.substr(0, middle)) != source.npos) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  while (low > 0 && low < words.size() && (static_cast<unsigned char>(words[low]) & 0xc0) == 0x80) --low;
  return words.substr(0, low);
}

// The end of a text, in whole characters: enough to find the place.
std::string end_of(const std::string& text) {
  constexpr std::size_t kShownBytes = 60;
  std::size_t from = text.size() - std::min(text.size(), kShownBytes);
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0) == 0x80) ++from;
  return text.substr(from);
}

class Checker {
 public:
  Checker(const std::filesystem::path& file, const CheckContext& context) : file_(file), context_(context), marks_(file.string()) {}

  Result<std::vector<Finding>> run() {
    const auto text = read_file(file_);
    if (!text) return tl::unexpected(text.error());
    auto marks = registry::parse_yaml_strict(*text, file_.string(), value_);
    if (!marks) {
      syntax(marks.error());
      return std::move(findings_);
    }
    marks_ = std::move(*marks);
    if (registry::nfc(*text) != *text) add("", "the file is not in Unicode normal form C", "", "save it in NFC: what is signed is what is written");
    registry::Fault fault;
    agreement_ = read_agreement(value_, fault);
    if (value_.is_object() && value_.contains("root_keys"))
      fault.set("/root_keys", "stands in the canonical form alone, from the parties' keys");
    const bool readable = !fault.found();
    check_against(context_.registry, agreement_, fault);
    for (const registry::Mistake& mistake : fault.all())
      add(mistake.pointer, mistake.reason, "", "correct it as hub/agreements/README.md describes the language");
    check_words();
    if (readable) {
      check_endpoints();
      check_clauses();
      for (const std::size_t clause : clauses_without_member(value_))
        add(child_pointer("/clauses", clause), "names no member of the bilateral group, so that it comes into no agreement", "",
            "name a member, or a group that holds one");
    }
    std::stable_sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
      return std::pair(a.mark.line, a.mark.column) < std::pair(b.mark.line, b.mark.column);
    });
    return std::move(findings_);
  }

 private:
  // The id of the clause that a pointer leads into.
  std::string clause_at(const std::string& pointer) const {
    constexpr std::string_view kStart = "/clauses/";
    if (!pointer.starts_with(kStart)) return {};
    const std::size_t index = std::stoul(pointer.substr(kStart.size()));
    return index < agreement_.clauses.size() ? agreement_.clauses[index].id : std::string();
  }

  void add(const std::string& pointer, std::string what, std::string detail, std::string advice, bool mistake = true) {
    findings_.push_back({mistake, file_.string(), marks_.find(pointer), pointer.empty() ? "/" : pointer,
                         clause_at(pointer), std::move(what), std::move(detail), std::move(advice)});
  }

  // What the parser refused: duplicate keys, anchors, tags, broken YAML.
  void syntax(const Error& error) {
    const auto number = [](const std::string& text) { return static_cast<std::uint32_t>(std::stoul(text)); };
    findings_.push_back({true, file_.string(), {number(fill("{line}", error.facts)), number(fill("{column}", error.facts))},
                         fill("{path}", error.facts), "", fill("{reason}", error.facts), "",
                         "correct the YAML at that place; nothing after it was checked"});
  }

  void check_words() {
    const bool named = value_.is_object() && value_.contains("source") && value_["source"].is_object() &&
                       value_["source"].contains("text") && value_["source"]["text"].is_string();
    if (!named)
      return add("/source", "the words were not compared with their source", "",
                 "name the file with the passages of the source, beside the agreement, as source.text", false);
    const auto path = file_.parent_path() / value_["source"]["text"].get<std::string>();
    const auto text = read_file(path);
    if (!text)
      return add("/source/text", "the source can't be read", describe(text.error(), Language::english),
                 "put the passages of the source into that file");
    const std::string source = one_line(*text);
    for (std::size_t i = 0; i < agreement_.clauses.size(); ++i) {
      const std::string words = one_line(agreement_.clauses[i].words);
      if (words.empty() || source.find(words) != source.npos) continue;
      const std::string start = common_start(words, source);
      add(child_pointer("/clauses", i) + "/words", "the words don't stand in the source " + path.filename().string(),
          start.empty() ? "not even their beginning does"
                        : "they agree up to \"" + end_of(start) + "\"",
          "copy them verbatim, typing errors too; put the corrected text beside them as words_corrected");
    }
  }

  void check_endpoints() {
    if (!context_.has_endpoints)
      return add("/parties", "endpoints were not checked: no party has its keys yet", "",
                 "check again where keys/ is part of the configuration", false);
    const auto check = [&](const char* member, const auto& names) {
      for (const auto& [alias, id] : names) {
        const auto party = context_.registry.party(id);
        if (party && !context_.registry.delivery_endpoint(*party))
          add(child_pointer(std::string("/") + member, alias), "party " + id + " has no endpoint",
              "nothing can reach it, and it can send nothing", "enrol it in keys/*.yaml");
      }
    };
    check("parties", agreement_.parties);
    check("addressees", agreement_.addressees);
  }

  void check_clauses() {
    for (std::size_t i = 0; i < agreement_.clauses.size(); ++i) {
      const std::string at = child_pointer("/clauses", i);
      if (agreement_.clauses[i].guard) check_guard(agreement_.clauses[i], at + "/when", value_["clauses"][i]["when"]);
      for (std::size_t earlier = 0; earlier < i; ++earlier)
        if (covers(agreement_.clauses[earlier], agreement_.clauses[i]))
          add(at, "is never reached: clause " + agreement_.clauses[earlier].id + " permits the same without a condition", "",
              "take one of the two out, or give the first its condition");
      check_pointers(agreement_.clauses[i], at + "/permit/to");
    }
  }

  // Whether the first permits unconditionally everything that the second permits.
  static bool covers(const Clause& first, const Clause& second) {
    const auto holds = [](const std::vector<std::string>& all, const std::vector<std::string>& some) {
      return std::all_of(some.begin(), some.end(),
                         [&](const std::string& id) { return std::find(all.begin(), all.end(), id) != all.end(); });
    };
    return !first.guard && !first.competence && first.type == second.type && holds(first.from, second.from) &&
           holds(first.to, second.to);
  }

  // A guard is checked with each version of its type: one is enough for it to mean something.
  void check_guard(const Clause& clause, const std::string& at, const Json& guard) {
    std::vector<std::pair<std::string, GuardReport>> reports;
    for (const auto& [id, type] : context_.types)
      if (registry::type_name(id) == clause.type) reports.emplace_back(id, analyse_guard(guard, type));
    const auto all = [&](Holds holds) {
      return !reports.empty() && std::all_of(reports.begin(), reports.end(), [&](const auto& r) { return r.second.holds == holds; });
    };
    if (all(Holds::never)) {
      const auto& [id, report] = reports.back();
      add(at, "the guard can never hold", report.pointer + " " + report.reason + " (" + id + ")",
          "ask for what the type has, or add it to the type in a new version");
    } else if (all(Holds::always)) {
      add(at, "the guard always holds, so that it says nothing",
          "every valid " + reports.back().first + " meets it, such as " + reports.back().second.example["data"].dump(),
          "take it out, or ask for what sets these cases apart");
    }
  }

  // The fields that name place and level are texts that every document of the type has.
  void check_pointers(const Clause& clause, const std::string& at) {
    if (!clause.competence) return;
    for (const auto& [key, pointer] : {std::pair("competent_for", clause.competence->place), std::pair("at_level", clause.competence->level)}) {
      for (const auto& [id, type] : context_.types) {
        if (registry::type_name(id) != clause.type) continue;
        const std::string name = pointer.starts_with("/data/") ? pointer.substr(6) : std::string();
        const Json required = type["schema"].value("required", Json::array());
        if (std::find(required.begin(), required.end(), name) == required.end())
          add(child_pointer(at, key), pointer + " is no required field of " + id, "", "name a field that every document of the type has");
      }
    }
  }

  std::filesystem::path file_;
  const CheckContext& context_;
  Marks marks_;
  Json value_;
  Agreement agreement_;
  std::vector<Finding> findings_;
};

}  // namespace

Result<CheckContext> check_context(std::span<const registry::Item> items) {
  CheckContext out;
  for (const registry::Item& item : items) {
    if (item.kind == registry::ItemKind::agreement || item.kind == registry::ItemKind::administrator) continue;
    if (auto applied = out.registry.apply(item); !applied) return tl::unexpected(applied.error());
    if (item.kind == registry::ItemKind::type) out.types[item.id] = Json::parse(item.canonical);
  }
  out.has_endpoints = out.registry.endpoint_count() > 0;
  return Result<CheckContext>(std::move(out));
}

Result<std::vector<Finding>> check_agreement_file(const std::filesystem::path& file, const CheckContext& context) {
  return Checker(file, context).run();
}

}  // namespace hub::agreements
