// agreement check, list, show: what the agreements say, and whether their files are right.
#include <filesystem>
#include <memory>

#include "hub/agreements/checker.hpp"
#include "hub/agreements/configuration.hpp"
#include "hub/agreements/sentences.hpp"
#include "hub/app/agreement_commands.hpp"
#include "hub/app/table.hpp"
#include "hub/base/error_catalogue.hpp"

namespace hub::app {
namespace {

using agreements::Agreement;
using agreements::Clause;
using agreements::Finding;
using Json = nlohmann::ordered_json;

struct CheckOptions {
  std::vector<std::string> files;
  std::string configuration;
};

std::string finding_text(const Finding& finding) {
  std::string out =
      finding.file + ":" + std::to_string(finding.mark.line) + ":" + std::to_string(finding.mark.column) + "  ";
  if (!finding.mistake) out += "note: ";
  if (!finding.clause.empty()) out += "clause " + finding.clause + ": ";
  out += finding.what;
  if (!finding.detail.empty()) out += "\n   " + finding.detail;
  if (!finding.advice.empty()) out += "\n   → " + finding.advice;
  return out;
}

Json finding_json(const Finding& finding) {
  return {{"mistake", finding.mistake},    {"file", finding.file},     {"line", finding.mark.line},
          {"column", finding.mark.column}, {"path", finding.path},     {"clause", finding.clause},
          {"what", finding.what},          {"detail", finding.detail}, {"advice", finding.advice}};
}

int check_agreements(const CheckOptions& options, const Output& output) {
  namespace fs = std::filesystem;
  // An agreement stands in the folder agreements/ of the configuration that it belongs to.
  const fs::path folder = options.configuration.empty() ? fs::absolute(options.files[0]).parent_path().parent_path()
                                                        : fs::path(options.configuration);
  const auto items = agreements::load_registry(folder);
  if (!items) return output.refused(items.error());
  const auto context = agreements::check_context(*items);
  if (!context) return output.refused(context.error());
  std::size_t mistakes = 0;
  std::string text;
  Json findings = Json::array();
  for (const std::string& file : options.files) {
    const auto found = agreements::check_agreement_file(file, *context);
    const Finding unreadable{true,
                             file,
                             {},
                             "/",
                             "",
                             "the file can't be read",
                             found ? "" : describe(found.error(), Language::english),
                             "check its name and place"};
    for (const Finding& finding : found ? *found : std::vector<Finding>{unreadable}) {
      mistakes += finding.mistake ? 1 : 0;
      text += finding_text(finding) + "\n";
      findings.push_back(finding_json(finding));
    }
  }
  const auto count = [](std::size_t n, const char* what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
  };
  text += count(options.files.size(), "file") + ", " + count(mistakes, "mistake");
  output.done(text, {{"files", options.files.size()}, {"mistakes", mistakes}, {"findings", findings}});
  return mistakes == 0 ? kDone : kRefused;
}

struct ViewOptions {
  ConfigurationSource source;
  std::string at, id;
};

std::string period(const Agreement& agreement) {
  return format_date(agreement.from) + " → " + (agreement.until ? format_date(*agreement.until) : "");
}

std::string agreement_state(const Agreement& agreement, UnixMicros at) {
  const LocalDate day = local_date(at);
  if (day < agreement.from) return "not yet";
  return agreement.until && day > *agreement.until ? "ended" : "in force";
}

int list_agreements(const ViewOptions& options, const Output& output) {
  const auto at = time_or_now(options.at);
  if (!at) return output.refused(at.error());
  const auto configuration = read_configuration(options.source);
  if (!configuration) return output.refused(configuration.error());
  std::vector<std::vector<std::string>> rows = {{"agreement", "v", "basis", "in force", "state", "clauses"}};
  Json value = Json::array();
  for (const Agreement& one : configuration->table.agreements()) {
    const char* basis = one.directed ? "directed" : "signed";
    rows.push_back({one.id, std::to_string(one.version), basis, period(one), agreement_state(one, *at),
                    std::to_string(one.clauses.size())});
    value.push_back({{"agreement", one.id},
                     {"version", one.version},
                     {"basis", basis},
                     {"title", {{"vi", one.title_vi}, {"en", one.title_en}}},
                     {"from", format_date(one.from)},
                     {"until", one.until ? Json(format_date(*one.until)) : Json()},
                     {"state", agreement_state(one, *at)},
                     {"clauses", one.clauses.size()}});
  }
  return output.done(table(rows), value);
}

Json clause_json(const Clause& clause) {
  Json out = {{"id", clause.id},     {"words", clause.words}, {"reading", clause.inferred ? "inferred" : "explicit"},
              {"type", clause.type}, {"from", clause.from},   {"to", clause.to}};
  if (!clause.words_corrected.empty()) out["words_corrected"] = clause.words_corrected;
  if (clause.guard) out["when"] = Json::parse(clause.guard_text);
  if (!clause.needs.empty()) out["needs"] = clause.needs;
  if (clause.competence)
    out["competence"] = {{"competent_for", clause.competence->place},
                         {"at_level", clause.competence->level},
                         {"over_level", clause.competence->reroute ? "reroute" : "refuse"}};
  return out;
}

std::string clause_text(const Clause& clause) {
  std::string out = "§" + clause.id + (clause.inferred ? "  (inferred)" : "") + "\n    " + clause.type + "   " +
                    clause.from_name + " → " + clause.to_name;
  if (clause.competence) out += std::string(", over level: ") + (clause.competence->reroute ? "reroute" : "refuse");
  if (clause.guard) out += "\n    when " + clause.guard_text;
  if (!clause.needs.empty()) out += "\n    " + agreements::needs_sentence(clause).english;
  return out + "\n    “" + clause.words + "”";
}

int show_agreement(const ViewOptions& options, const Output& output) {
  const auto configuration = read_configuration(options.source);
  if (!configuration) return output.refused(configuration.error());
  const auto index = configuration->table.find(options.id);
  if (!index) return output.refused({ErrorCode::not_found, {{"path", options.id}}});
  const Agreement& one = configuration->table.agreement(*index);
  Json names = Json::object(), addressees = Json::object(), clauses = Json::array();
  std::string text = one.id + " v" + std::to_string(one.version) + (one.directed ? ", directed" : ", signed") + ", " +
                     period(one) + "\n" + one.title_vi + "\n" + one.title_en + "\ncontact  " + one.contact + "\n";
  for (const auto& [alias, id] : one.parties) names[alias] = id, text += "party  " + alias + "  " + id + "\n";
  for (const auto& [alias, id] : one.addressees)
    addressees[alias] = id, text += "addressee  " + alias + "  " + id + "\n";
  for (const Clause& clause : one.clauses) {
    text += "\n" + clause_text(clause) + "\n";
    clauses.push_back(clause_json(clause));
  }
  text.pop_back();
  return output.done(text, {{"agreement", one.id},
                            {"version", one.version},
                            {"basis", one.directed ? "directed" : "signed"},
                            {"title", {{"vi", one.title_vi}, {"en", one.title_en}}},
                            {"from", format_date(one.from)},
                            {"until", one.until ? Json(format_date(*one.until)) : Json()},
                            {"contact", one.contact},
                            {"parties", names},
                            {"addressees", addressees},
                            {"clauses", clauses}});
}

}  // namespace

void add_agreement_commands(CLI::App& app, Invocation& invocation) {
  auto* agreement = app.add_subcommand("agreement", "Who may send what to whom")->require_subcommand(1)->fallthrough();
  auto check_options = std::make_shared<CheckOptions>();
  auto* check_command = agreement->add_subcommand("check", "Find every mistake in agreements' files")->fallthrough();
  check_command->add_option("FILE", check_options->files, "Agreements as YAML")->required();
  check_command->add_option(
      "--configuration", check_options->configuration,
      "The configuration folder with its types and parties; else the one that the first file stands in");
  check_command->callback([check_options, &invocation] {
    invocation.run = [check_options](const Output& output) { return check_agreements(*check_options, output); };
  });
  auto view = std::make_shared<ViewOptions>();
  const auto on = [&invocation, view](CLI::App* command, int (*run)(const ViewOptions&, const Output&)) {
    add_configuration_source(*command->fallthrough(), view->source);
    command->callback([view, &invocation, run] {
      invocation.run = [view, run](const Output& output) { return run(*view, output); };
    });
  };
  auto* list_command = agreement->add_subcommand("list", "All agreements, and whether they are in force");
  list_command->add_option("--at", view->at, "A date or an RFC 3339 time; else now");
  on(list_command, list_agreements);
  auto* show_command = agreement->add_subcommand("show", "One agreement: its parties and clauses");
  show_command->add_option("AGREEMENT", view->id, "Its id, as huyen/btg-238")->required();
  on(show_command, show_agreement);
  add_agreement_matrix(*agreement, invocation);
  add_agreement_explain(*agreement, invocation);
  add_agreement_what_if(*agreement, invocation);
}

}  // namespace hub::app
