#include "hub/agreements/checker.hpp"

#include <algorithm>
#include <sstream>

#include "hub/agreements/agreement.hpp"
#include "hub/agreements/bilateral.hpp"
#include "hub/agreements/configuration_files.hpp"
#include "hub/agreements/guard_analysis.hpp"
#include "hub/agreements/jurisdiction.hpp"
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

// Whether the character of which this byte is a part is a letter or digit. Beyond ASCII, Vietnamese letters are U+00C0
// to U+1EF9; what starts with 0xe2 is dashes, quotation marks, an ellipsis.
bool is_letter(const std::string& text, std::size_t at) {
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80) return byte >= 0xc3 && byte != 0xe2;
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

// Whether a paragraph has the passage, in whole words.
bool stands_in(const std::vector<std::string>& paragraphs, const std::string& words) {
  for (const std::string& paragraph : paragraphs) {
    for (std::size_t at = paragraph.find(words); at != paragraph.npos; at = paragraph.find(words, at + 1)) {
      const std::size_t end = at + words.size();
      const bool begins = at == 0 || !is_letter(paragraph, at - 1) || !is_letter(words, 0);
      const bool ends = end == paragraph.size() || !is_letter(paragraph, end) || !is_letter(words, words.size() - 1);
      if (begins && ends) return true;
    }
  }
  return false;
}

class Checker {
 public:
  Checker(const std::filesystem::path& file, const CheckContext& context)
      : file_(file), context_(context), marks_(file.string()) {}

  Result<std::vector<Finding>> run() {
    const auto text = read_file(file_);
    if (!text) return tl::unexpected(text.error());
    auto marks = registry::parse_yaml_strict(*text, file_.string(), value_);
    if (!marks) {
      syntax(marks.error());
      return std::move(findings_);
    }
    marks_ = std::move(*marks);
    if (registry::nfc(*text) != *text)
      add("", "the file is not in Unicode normal form C", "", "save it in NFC: what is signed is what is written");
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
      check_bilateral();
      check_unused();
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
    findings_.push_back({true,
                         file_.string(),
                         {number(fill("{line}", error.facts)), number(fill("{column}", error.facts))},
                         fill("{path}", error.facts),
                         "",
                         fill("{reason}", error.facts),
                         "",
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
    std::vector<std::string> paragraphs;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) paragraphs.push_back(one_line(line));
    const std::string source = one_line(*text);
    for (std::size_t i = 0; i < agreement_.clauses.size(); ++i) {
      const std::string words = one_line(agreement_.clauses[i].words);
      if (words.empty() || stands_in(paragraphs, words)) continue;
      if (source.find(words) != source.npos) {
        add(child_pointer("/clauses", i) + "/words", "the words begin or end inside a word, or run over two paragraphs",
            "", "quote one passage of one paragraph, in whole words");
        continue;
      }
      const std::string start = common_start(words, source);
      add(child_pointer("/clauses", i) + "/words", "the words don't stand in the source " + path.filename().string(),
          start.empty() ? "not even their beginning does" : "they agree up to \"" + end_of(start) + "\"",
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
        check_pair(agreement_.clauses[earlier], agreement_.clauses[i], at);
      check_kind(agreement_.clauses[i], at + "/permit/type");
      check_pointers(agreement_.clauses[i], at + "/permit/to");
      check_required(agreement_.clauses[i], at + "/needs");
    }
  }

  static bool holds(const std::vector<std::string>& all, const std::string& id) {
    return std::find(all.begin(), all.end(), id) != all.end();
  }
  static bool holds_all(const std::vector<std::string>& all, const std::vector<std::string>& some) {
    return std::all_of(some.begin(), some.end(), [&](const std::string& id) { return holds(all, id); });
  }
  static bool shares(const std::vector<std::string>& all, const std::vector<std::string>& some) {
    return std::any_of(some.begin(), some.end(), [&](const std::string& id) { return holds(all, id); });
  }

  // Two clauses about one type of which one takes the other's meaning away.
  void check_pair(const Clause& first, const Clause& second, const std::string& at) {
    if (first.type != second.type || !shares(first.from, second.from)) return;
    const bool same_rule =
        first.competence.has_value() == second.competence.has_value() && first.guard_text == second.guard_text;
    const bool wider = !first.guard && !first.competence;
    if ((wider || same_rule) && holds_all(first.from, second.from) && holds_all(first.to, second.to)) {
      add(at, "is never reached: clause " + first.id + " permits the same" + (wider ? " without a condition" : ""), "",
          "take one of the two out, or let them differ in their conditions");
    } else if (first.competence.has_value() != second.competence.has_value() && shares(first.to, second.to)) {
      add(at,
          "undoes competence: clauses " + first.id + " and " + second.id +
              " permit the same type to the same addressees",
          "", "let only the clause with competent_for send to them");
    }
  }

  // System types follow from exchanges; no clause has to permit them.
  void check_kind(const Clause& clause, const std::string& at) {
    for (const auto& [id, type] : context_.types)
      if (registry::type_name(id) == clause.type && type.value("kind", "notice") == "system")
        return add(at, clause.type + " is a system type, which follows from an exchange", "",
                   "name the type of the exchange itself");
  }

  // Each agreement that a bilateral text stands for is read as the hub will read it.
  void check_bilateral() {
    if (!value_.contains("bilateral")) return;
    for (const std::size_t clause : clauses_without_member(value_))
      add(child_pointer("/clauses", clause),
          "names no member of the bilateral group, so that it comes into no agreement", "",
          "name a member, or a group that holds one");
    for (const Json& one : bilateral_agreements(value_)) {
      registry::Fault fault;
      const Agreement agreement = read_agreement(one, fault);
      check_against(context_.registry, agreement, fault);
      for (const registry::Mistake& mistake : fault.all())
        add("/bilateral",
            "the agreement " + one["agreement"].get<std::string>() + " that it makes is wrong at " + mistake.pointer,
            mistake.reason, "change the text so that each member's part stands by itself");
    }
  }

  // Names that no clause uses: perhaps a clause was forgotten.
  void check_unused() {
    std::vector<std::string> used;
    for (const Clause& clause : agreement_.clauses)
      for (const auto* side : {&clause.from, &clause.to}) used.insert(used.end(), side->begin(), side->end());
    for (const auto& [member, names] :
         {std::pair("/parties", &agreement_.parties), std::pair("/addressees", &agreement_.addressees)})
      for (const auto& [alias, id] : *names)
        if (!holds(used, id))
          add(child_pointer(member, alias), id + " stands in no clause", "", "add its clause, or leave it out", false);
  }

  // A guard is checked with each version of its type: one is enough for it to mean something.
  void check_guard(const Clause& clause, const std::string& at, const Json& guard) {
    std::vector<std::pair<std::string, GuardReport>> reports;
    for (const auto& [id, type] : context_.types)
      if (registry::type_name(id) == clause.type) reports.emplace_back(id, analyse_guard(guard, type));
    for (const std::string& pointer : reports.empty() ? std::vector<std::string>() : reports.back().second.unknown)
      if (std::all_of(reports.begin(), reports.end(), [&](const auto& r) { return holds(r.second.unknown, pointer); }))
        add(at, "the guard speaks of " + pointer + ", which no version of " + clause.type + " has", "",
            "correct the name: as it stands, this part of the condition asks for nothing");
    const auto all = [&](Holds wanted) {
      return !reports.empty() &&
             std::all_of(reports.begin(), reports.end(), [&](const auto& r) { return r.second.holds == wanted; });
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

  // The fields that name place and level: every document has them, one a text, one of the four levels.
  void check_pointers(const Clause& clause, const std::string& at) {
    if (!clause.competence) return;
    for (const auto& [key, pointer] :
         {std::pair("competent_for", clause.competence->place), std::pair("at_level", clause.competence->level)}) {
      for (const auto& [id, type] : context_.types) {
        if (registry::type_name(id) != clause.type) continue;
        const std::string name = pointer.starts_with("/data/") ? pointer.substr(6) : std::string();
        const Json required = type["schema"].value("required", Json::array());
        if (std::find(required.begin(), required.end(), name) == required.end()) {
          add(child_pointer(at, key), pointer + " is no required field of " + id, "",
              "name a field that every document of the type has");
          continue;
        }
        const Json field = type["schema"]["properties"].value(name, Json::object());
        const bool is_level =
            field.contains("enum") && std::all_of(field["enum"].begin(), field["enum"].end(), [](const Json& v) {
              return v.is_string() && rank_of_level(v.get_ref<const std::string&>());
            });
        const bool is_text = field.contains("type") && field["type"] == "string";
        if (std::string_view(key) == "at_level" ? !is_level : !is_text)
          add(child_pointer(at, key),
              pointer + (std::string_view(key) == "at_level" ? " is no level" : " is no text") + " in " + id, "",
              std::string_view(key) == "at_level" ? "name a field with the levels commune, district, province, central"
                                                  : "name a text that holds a place");
      }
    }
  }

  // What every document of the type has and the clause doesn't need.
  void check_required(const Clause& clause, const std::string& at) {
    if (clause.needs.empty()) return;
    for (const auto& [id, type] : context_.types) {
      if (registry::type_name(id) != clause.type) continue;
      std::string beyond;
      for (const Json& name : type["schema"].value("required", Json::array()))
        if (!holds(clause.needs, name)) beyond.append(beyond.empty() ? "" : ", ").append(name);
      if (!beyond.empty())
        add(at, "does not need what " + id + " requires: " + beyond,
            "it is let through, and the sender's report of overreach names it",
            "if it should not be sent, leave it optional in a new version of the type", false);
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
