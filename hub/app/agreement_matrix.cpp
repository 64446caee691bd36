// agreement matrix: who may send what to whom, as a table, as CSV and as a picture.
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "hub/app/agreement_commands.hpp"
#include "hub/app/files.hpp"
#include "hub/app/matrix_svg.hpp"
#include "hub/registry/names.hpp"

namespace hub::app {
namespace {

using agreements::Agreement;
using agreements::Clause;
using Json = nlohmann::ordered_json;

struct MatrixOptions {
  ConfigurationSource source;
  std::string at, svg;
  bool csv = false;
};

struct Permit {
  const Agreement* agreement;
  const Clause* clause;
  std::string from, to;
};

// Whether the table that decides has the clause for these two: not for a party to itself, nor for an addressee that is
// never competent.
bool is_candidate(const agreements::Configuration& configuration, const Clause& clause, const std::string& from,
                  const std::string& to) {
  const registry::Registry& registry = configuration.registry;
  for (std::uint32_t t = 0; t < registry.type_count(); ++t) {
    if (registry::type_name(registry.type_at(TypeIndex(t)).id) != clause.type) continue;
    for (const auto& candidate :
         configuration.table.candidates(TypeIndex(t), *registry.party(from), *registry.party(to)))
      if (&configuration.table.clause(candidate) == &clause) return true;
  }
  return false;
}

// Every permit of the agreements in force, party by party.
std::vector<Permit> permits(const agreements::Configuration& configuration, UnixMicros at) {
  const LocalDate day = local_date(at);
  std::vector<Permit> out;
  for (const Agreement& agreement : configuration.table.agreements()) {
    if (day < agreement.from || (agreement.until && day > *agreement.until)) continue;
    for (const Clause& clause : agreement.clauses)
      for (const std::string& from : clause.from)
        for (const std::string& to : clause.to)
          if (is_candidate(configuration, clause, from, to)) out.push_back({&agreement, &clause, from, to});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Permit& a, const Permit& b) { return std::tie(a.from, a.to) < std::tie(b.from, b.to); });
  return out;
}

std::string condition(const Clause& clause) {
  if (clause.competence) return "competent for " + clause.competence->place + " at " + clause.competence->level;
  return clause.guard_text;
}

// RFC 4180.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == text.npos) return text;
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? "\"\"" : std::string(1, c));
  return out + "\"";
}

std::string matrix_csv(const std::vector<Permit>& permits) {
  std::string out = "from,to,type,agreement,version,clause,reading,condition,in_force_from,in_force_until\r\n";
  for (const Permit& p : permits) {
    const std::string fields[] = {p.from,
                                  p.to,
                                  p.clause->type,
                                  p.agreement->id,
                                  std::to_string(p.agreement->version),
                                  p.clause->id,
                                  p.clause->inferred ? "inferred" : "explicit",
                                  condition(*p.clause),
                                  format_date(p.agreement->from),
                                  p.agreement->until ? format_date(*p.agreement->until) : ""};
    std::string line;
    for (const std::string& field : fields) line.append(line.empty() ? "" : ",").append(csv_field(field));
    out += line + "\r\n";
  }
  return out;
}

std::string matrix_text(const std::vector<Permit>& permits) {
  std::string out, pair;
  for (const Permit& p : permits) {
    if (const std::string one = p.from + " → " + p.to; one != pair) out += (pair = one) + "\n";
    std::string type = p.clause->type + (condition(*p.clause).empty() ? "" : " *");
    type.resize(std::max<std::size_t>(type.size(), 31), ' ');
    out += "  " + type + " " + p.agreement->id + " §" + p.clause->id + "\n";
  }
  return out + "* on a condition: see agreement show, or --csv";
}

Json matrix_json(const std::vector<Permit>& permits) {
  Json out = Json::array();
  for (const Permit& p : permits)
    out.push_back({{"from", p.from},
                   {"to", p.to},
                   {"type", p.clause->type},
                   {"agreement", p.agreement->id},
                   {"version", p.agreement->version},
                   {"clause", p.clause->id},
                   {"inferred", p.clause->inferred},
                   {"condition", condition(*p.clause)}});
  return out;
}

int print_matrix(const MatrixOptions& options, const Output& output) {
  const auto at = time_or_now(options.at);
  if (!at) return output.refused(at.error());
  const auto configuration = read_configuration(options.source);
  if (!configuration) return output.refused(configuration.error());
  const std::vector<Permit> all = permits(*configuration, *at);
  if (!options.svg.empty()) {
    std::vector<MatrixCell> cells;
    for (const Permit& p : all)
      cells.push_back({p.from, p.to, p.clause->type + " (" + p.agreement->id + " §" + p.clause->id + ")"});
    if (auto written = write_file(options.svg, matrix_svg(cells)); !written) return output.refused(written.error());
  }
  if (!options.csv || output.json) return output.done(matrix_text(all), matrix_json(all));
  std::fputs(matrix_csv(all).c_str(), stdout);
  return kDone;
}

}  // namespace

void add_agreement_matrix(CLI::App& agreement, Invocation& invocation) {
  auto options = std::make_shared<MatrixOptions>();
  auto* command = agreement.add_subcommand("matrix", "Who may send what to whom")->fallthrough();
  command->add_option("--at", options->at, "A date or an RFC 3339 time; else now");
  command->add_flag("--csv", options->csv, "As CSV (RFC 4180)");
  command->add_option("--svg", options->svg, "Also draw it into this file");
  add_configuration_source(*command, options->source);
  command->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return print_matrix(*options, output); };
  });
}

}  // namespace hub::app
