// agreement explain: why a notice may go from one party to another, or why not.
#include <algorithm>
#include <memory>
#include <sstream>

#include "hub/agreements/explanation.hpp"
#include "hub/agreements/sentences.hpp"
#include "hub/app/agreement_commands.hpp"
#include "hub/app/files.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/document_json.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/secrecy.hpp"
#include "hub/runtime/real_ports.hpp"

namespace hub::app {
namespace {

using agreements::Agreement;
using agreements::Clause;
using agreements::Configuration;
using Json = nlohmann::ordered_json;

struct ExplainOptions {
  ConfigurationSource source;
  std::string from, to, type, document, at;
};

// A type by its id, or the newest version of a name.
std::optional<TypeIndex> find_type(const registry::Registry& registry, const std::string& name) {
  if (const auto exact = registry.type(name)) return exact;
  std::optional<TypeIndex> newest;
  std::uint64_t version = 0;
  for (std::uint32_t t = 0; t < registry.type_count(); ++t) {
    const std::string& id = registry.type_at(TypeIndex(t)).id;
    if (registry::type_name(id) != name) continue;
    const std::uint64_t one = std::stoull(id.substr(name.size() + 1));
    if (one > version) newest = TypeIndex(t), version = one;
  }
  return newest;
}

// The document of a file as it would be signed now; what only an adapter knows is filled in.
// What the options leave open is taken from it.
Result<Buffer> read_notice(ExplainOptions& options, UnixMicros at) {
  const auto text = read_file(options.document);
  if (!text) return tl::unexpected(text.error());
  auto fields = registry::document_from_json(*text);
  if (!fields) return tl::unexpected(fields.error());
  if (options.to.empty()) options.to = fields->to;
  if (options.type.empty()) options.type = fields->type;
  if (options.from.empty()) options.from = fields->source;
  if (!fields->id) fields->id = Uuid{};
  if (!fields->time) fields->time = at;
  if (!fields->salt) fields->salt = Bytes<16>{};
  for (registry::AttachmentFields& attachment : fields->attachments) {  // what is explained need not lie beside it
    if (!attachment.size) attachment.size = 0;
    if (!attachment.sha256) attachment.sha256 = Bytes<32>{};
  }
  fields->source = options.from;
  fields->type = options.type;
  fields->to = options.to;
  return registry::write_document(*fields);
}

// What the hub looks at before it asks the agreements.
std::optional<Error> check_notice(const registry::Type& type, ByteView document) {
  if (auto refusal = registry::refuse_secrecy_mark(document)) return refusal;
  const auto view = registry::read_document(document);
  if (!view) return view.error();
  if (auto valid = type.schema.validate(view->data); !valid) return valid.error();
  if (auto refusal = registry::refuse_attachments(type, view->attachment_totals)) return refusal;
  if (type.subject_fixed && !type.subject->matches(view->subject, view->data)) return type.subject->wrong(view->data);
  return std::nullopt;
}

Json deciding_clause_json(const Agreement& agreement, const Clause& clause) {
  return {{"agreement", agreement.id},
          {"version", agreement.version},
          {"clause", clause.id},
          {"words", clause.words},
          {"reading", clause.inferred ? "inferred" : "explicit"},
          {"condition", clause.guard ? Json::parse(clause.guard_text) : Json()}};
}

int permitted(const Configuration& configuration, const agreements::Question& question,
              const agreements::Permission& permission, const Output& output) {
  const Agreement& agreement = configuration.table.agreement(permission.candidate->agreement);
  const Clause& clause = configuration.table.clause(*permission.candidate);
  const bool judged = !question.document.empty();
  std::string text = "ĐƯỢC PHÉP / PERMITTED  " + agreement.id + " v" + std::to_string(agreement.version) + " §" +
                     clause.id + "\n  “" + clause.words + "”" + (clause.inferred ? "\n  suy luận / inferred" : "");
  if (clause.guard)
    text += std::string("\n  điều kiện / condition (") +
            (judged ? "đạt / met" : "chưa xét / not judged: give --document") + "): " + clause.guard_text;
  if (clause.competence && !judged)
    text += "\n  nếu có thẩm quyền / if competent: " + clause.competence->level + ", " + clause.competence->place +
            " (--document)";
  if (!clause.needs.empty()) {
    const agreements::Sentence needs = agreements::needs_sentence(clause);
    text += "\n  " + needs.vietnamese + " / " + needs.english;
  }
  if (permission.recipient != question.to)
    text += "\n  vượt cấp, chuyển đến / over level, rerouted to " + configuration.table.party_id(permission.recipient);
  Json value = deciding_clause_json(agreement, clause);
  if (!clause.needs.empty()) value["needs"] = clause.needs;
  value["permitted"] = true;
  value["recipient"] = configuration.table.party_id(permission.recipient);
  return output.done(text, value);
}

void add_refusal(std::string& text, const Error& error, Language language) {
  const bool vi = language == Language::vietnamese;
  const CatalogueEntry& entry = catalogue_entry(error.code);
  const ErrorTexts& words = vi ? entry.vietnamese : entry.english;
  text.append(vi ? "KHÔNG ĐƯỢC PHÉP  " : "NOT PERMITTED  ")
      .append(words.title)
      .append(" (")
      .append(entry.code)
      .append(")\n");
  text.append(vi ? "  Lý do:    " : "  Reason:      ").append(fill(words.reason, error.facts)).append("\n");
  std::istringstream considered(fill(vi ? "{considered_vi}" : "{considered_en}", error.facts));
  for (std::string line; std::getline(considered, line) && line != "?";)
    text.append(vi ? "  Đã xét:   " : "  Considered:  ").append(line).append("\n");
  text.append(vi ? "  Cần làm:  " : "  To do:       ").append(fill(words.action, error.facts)).append("\n");
  if (const std::string contact = fill("{contact}", error.facts);
      contact != "?" && words.action.find("{contact}") == words.action.npos)
    text.append(vi ? "  Liên hệ:  " : "  Contact:     ").append(contact).append("\n");
}

int refused(const Configuration& configuration, const Error& error,
            const std::vector<agreements::Consideration>& considered, const Output& output) {
  std::string text;
  add_refusal(text, error, Language::vietnamese);
  add_refusal(text, error, Language::english);
  text.pop_back();
  Json list = Json::array();
  for (const auto& one : considered) {
    const Agreement& agreement = configuration.table.agreement(one.agreement);
    list.push_back({{"agreement", agreement.id},
                    {"version", agreement.version},
                    {"in_force", one.in_force},
                    {"clause", one.clause ? Json(agreement.clauses[one.clause->value].id) : Json()},
                    {"vi", one.vietnamese},
                    {"en", one.english}});
  }
  output.done(text, {{"permitted", false}, {"error", to_json(error)}, {"considered", list}});
  return kRefused;
}

int explain_one(const Configuration& configuration, const ExplainOptions& options, UnixMicros at, ByteView document,
                const Output& output) {
  const registry::Registry& registry = configuration.registry;
  const auto from = registry.party(options.from), to = registry.party(options.to);
  const auto type = find_type(registry, options.type);
  if (!type) return output.refused({ErrorCode::type_unknown, {{"type", options.type}}});
  if (!from || !to)
    return output.refused({ErrorCode::recipient_unknown, {{"recipient", from ? options.to : options.from}}});
  if (*from == *to) return output.refused({ErrorCode::recipient_is_sender, {{"party", options.from}}});
  if (!document.empty())
    if (const auto refusal = check_notice(registry.type_at(*type), document))
      return refused(configuration, *refusal, {}, output);
  const agreements::Question question{*type, *from, *to, at, document};
  const auto why = agreements::explain(configuration.table, question);
  return why.permission ? permitted(configuration, question, *why.permission, output)
                        : refused(configuration, *why.refusal, why.considered, output);
}

// One explanation for each recipient; 1 when any is refused.
int explain(ExplainOptions options, const Output& output) {
  const auto at = time_or_now(options.at);
  if (!at) return output.refused(at.error());
  const auto configuration = read_configuration(options.source);
  if (!configuration) return output.refused(configuration.error());
  Buffer document;
  if (!options.document.empty()) {
    auto read = read_notice(options, *at);
    if (!read) return output.refused(read.error());
    document = std::move(*read);
  }
  if (options.from.empty() || options.to.empty() || options.type.empty())
    return output.refused(usage("--from, --to and --type are needed, or a --document that names them"));
  int status = kDone;
  const std::string all = options.to;
  for (const std::string_view to : registry::recipients(all)) {
    options.to = to;
    if (options.to != all && !output.json) std::printf("→ %s\n", options.to.c_str());
    status = std::max(status, explain_one(*configuration, options, *at, document, output));
  }
  return status;
}

}  // namespace

Result<UnixMicros> time_or_now(const std::string& text) {
  if (text.empty()) return runtime::SystemClock().now();
  if (const auto date = parse_date(text)) return UnixMicros(start_of(*date).value + kMicrosPerDay / 2);
  if (const auto time = parse_rfc3339(text)) return *time;
  return tl::unexpected(usage("--at is a date such as 2024-03-12 or a time such as 2024-03-12T08:00:00+07:00"));
}

void add_agreement_explain(CLI::App& agreement, Invocation& invocation) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = agreement.add_subcommand("explain", "The deciding clause, or each reason against")->fallthrough();
  command->add_option("--from", options->from, "The sending party");
  command->add_option("--to", options->to, "The addressed party");
  command->add_option("--type", options->type, "The type; without version, its newest");
  command->add_option("--document", options->document, "A notice as JSON, to judge conditions and competence");
  command->add_option("--at", options->at, "A date or an RFC 3339 time; else now");
  add_configuration_source(*command, options->source);
  command->callback([options, &invocation] {
    invocation.run = [options](const Output& output) { return explain(*options, output); };
  });
}

}  // namespace hub::app
